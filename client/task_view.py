"""View of a task: the fields that this program uses, safe to print."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from a2a.types import Part, Task, TaskState
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct

from client.sanitise import sanitise
from client.statement import MEDIA_TYPE, values_of


class State(StrEnum):
    """Task states (A2A 4.1.3), without the prefix TASK_STATE_."""

    UNSPECIFIED = "UNSPECIFIED"
    SUBMITTED = "SUBMITTED"
    WORKING = "WORKING"
    INPUT_REQUIRED = "INPUT_REQUIRED"
    AUTH_REQUIRED = "AUTH_REQUIRED"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


APPROVAL_EXTENSION = "https://staff0/a2a/approval/v1"
MAX_SEQUENCE = 1_000_000_000
TERMINAL = frozenset({State.COMPLETED, State.REJECTED, State.FAILED, State.CANCELED})
_STATES = {number: State(name.removeprefix("TASK_STATE_")) for name, number in TaskState.items()}


@dataclass(frozen=True)
class TaskView:
    """`text` is the status message, `answer` the artifact's sentence, `attestation` the signed statement (a JWT),
    `facts` what the employee disclosed, and `details` the values of those that are more than yes or no.

    A field that is absent or of another type is None or empty.
    """

    state: State
    task_id: str
    context_id: str
    text: str | None = None
    reason: str | None = None
    code: str | None = None
    expires_at: str | None = None
    answer: str | None = None
    confirmed: bool | None = None
    employee_active: bool | None = None
    name_matches: bool | None = None
    checked_at: str | None = None
    attestation: str | None = None
    facts: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_terminal(self) -> bool:
        return self.state in TERMINAL

    @property
    def needs_input(self) -> bool:
        """True if the task waits for another message. AUTH_REQUIRED continues without one (A2A 7.6)."""
        return self.state is State.INPUT_REQUIRED


def read_task(task: Task) -> TaskView:
    """Reads a view from the SDK's task."""
    message = task.status.message
    metadata = _plain(message.metadata)
    approval = metadata.get(APPROVAL_EXTENSION)
    pending = metadata | (approval if isinstance(approval, dict) else {})
    parts = [part for artifact in task.artifacts for part in artifact.parts]
    data = _data(parts)
    facts = _texts(data.get("facts"))
    return TaskView(
        state=_STATES.get(task.status.state, State.UNSPECIFIED),
        task_id=sanitise(task.id),
        context_id=sanitise(task.context_id),
        text=_sentence(message.parts),
        reason=_text(metadata.get("reason")),
        code=_text(pending.get("code")),
        expires_at=_text(pending.get("expires_at")),
        answer=_sentence(parts),
        confirmed=_flag(data.get("confirmed")),
        employee_active=_flag(data.get("employee_active")),
        name_matches=_flag(data.get("name_matches")),
        checked_at=_text(data.get("checked_at")),
        attestation=_attestation(parts),
        facts=facts,
        details=values_of(facts, data),
    )


def read_sequence(task: Task) -> int:
    """The number of the task's last change, from its metadata; 0 without one."""
    number = dict(task.metadata).get("sequence")
    return int(number) if isinstance(number, float) and 0 <= number < MAX_SEQUENCE else 0


def _attestation(parts: Iterable[Part]) -> str | None:
    """The statement as text. Bytes that are not UTF-8 are replaced, so that the verification refuses them."""
    found = (part.raw for part in parts if part.media_type == MEDIA_TYPE and part.HasField("raw"))
    statement = next(found, None)
    return None if statement is None else statement.decode(errors="replace")


def _sentence(parts: Iterable[Part]) -> str | None:
    return sanitise(" ".join(part.text for part in parts if part.HasField("text"))) or None


def _data(parts: Iterable[Part]) -> dict[str, object]:
    found = (part.data.struct_value for part in parts if part.data.HasField("struct_value"))
    return _plain(next(found, Struct()))


def _plain(struct: Struct) -> dict[str, object]:
    return MessageToDict(struct)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(sanitise(text) for text in value if isinstance(text, str)) if isinstance(value, list) else ()


def _text(value: object) -> str | None:
    return sanitise(value) if isinstance(value, str) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
