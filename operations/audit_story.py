"""The whole story of one request: each write of its task, and what it meant for the caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from staff0.tasks import AuditRecord, Reason, TaskState

from operations.audit_summary import format_time

_MEANINGS: Final = {
    TaskState.SUBMITTED: "The agent received the question.",
    TaskState.INPUT_REQUIRED: "The agent asked the caller for what is missing in the question.",
    TaskState.WORKING: "The agent looks the person up.",
    TaskState.AUTH_REQUIRED: "The caller got the code. If the person can be asked, their phone shows it too.",
    TaskState.CANCELED: "The caller canceled the request.",
    TaskState.COMPLETED: "The caller got the answer. Records of that version do not hold it.",
}
_REASONS: Final = {reason.value: reason.meaning for reason in Reason}
_NOT_ASKED: Final = "The caller got the code. No phone rang: the employee has switched questions off."
_APPROVED: Final = "The employee approved. The agent reads the HR API."
_RESULT_WORDS: Final = {
    "confirmed": "yes",
    "not_confirmed": "no",
    "active": "an active employee",
    "inactive": "not an active employee",
    "name_matches": "the name is right",
    "name_differs": "the name is another",
}


@dataclass(frozen=True)
class StoryStep:
    """One write of a task. `meaning` is a sentence for the operator, without personal data."""

    task_id: str
    sequence: int
    at: str
    state: str
    reason: str
    result: str
    meaning: str


def tell(records: Sequence[AuditRecord]) -> list[StoryStep]:
    """One step for each record, which must be in the order of their sequence."""
    befores = [None, *(record.state for record in records)]
    return [_step(record, before) for record, before in zip(records, befores, strict=False)]


def _step(record: AuditRecord, before: TaskState | None) -> StoryStep:
    return StoryStep(
        task_id=record.task_id,
        sequence=record.sequence,
        at=format_time(record.at),
        state=record.state.name,
        reason=record.reason,
        result=record.result,
        meaning=_meaning(record, before),
    )


def _meaning(record: AuditRecord, before: TaskState | None) -> str:
    if record.reason in _REASONS:  # a record of another version may have another one
        return _REASONS[record.reason]
    if record.result:
        decision, *details = (_RESULT_WORDS.get(word, word.replace("_", " ")) for word in record.result.split())
        return f"The caller was told {decision}: {', '.join(details)}."
    if record.state is TaskState.WORKING and before is TaskState.AUTH_REQUIRED:
        return _APPROVED
    if record.state is TaskState.AUTH_REQUIRED and record.not_asked:
        return _NOT_ASKED
    return _MEANINGS.get(record.state, "")
