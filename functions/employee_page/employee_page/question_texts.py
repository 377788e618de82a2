"""What a request came to, in sentences for the employee. Words that this version does not know stay as they are."""

from datetime import datetime
from typing import Final

from staff0.skills import SKILLS
from staff0.tasks import Reason, TaskState

from employee_page.request_history import AuditedQuestion

_NOTHING: Final = "Nothing"
_OUTCOMES: Final = {
    TaskState.COMPLETED: "You approved.",
    TaskState.REJECTED: "You refused.",
    TaskState.CANCELED: "The caller withdrew the request.",
    TaskState.WORKING: "You approved. The answer is on its way.",
    TaskState.FAILED: "The request failed.",
}
_REASONS: Final[dict[str, str]] = {
    Reason.NOT_CONFIRMED: "It ended without an answer from you.",
    Reason.CALLER_REFUSED: "Staff0 has switched this caller off meanwhile.",
    Reason.NO_HR_RECORD: "You approved, but HR has no record of you.",
    Reason.HR_API_UNAVAILABLE: "You approved, but the HR system did not answer.",
    Reason.HR_API_REFUSED: "You approved, but the HR system refused the approval.",
    Reason.TOKEN_REJECTED: "You approved, but the approval could not be used.",
    Reason.TOKEN_LOST: "You answered, but the answer was lost on its way.",
}
_WORDS: Final = {
    "confirmed": "",  # the words after it say what is confirmed
    "not_confirmed": "",
    "active": "That you work here",
    "inactive": "That you do not work here at present",
    "name_matches": "That the name in the question is yours",
    "name_differs": "That the name in the question is not yours",
}
_OLDER_ANSWER: Final = "Whether you work here. The record is too old to say more."


def outcome(question: AuditedQuestion, now: datetime) -> str:
    """What happened to the request."""
    last = question.last
    if last.not_asked and last.state is not TaskState.CANCELED:
        return "You were not asked: you had switched questions off."
    if last.reason in _REASONS:
        return _REASONS[last.reason]
    if last.state is TaskState.AUTH_REQUIRED:
        return "It waits for your answer." if question.is_open(now) else _REASONS[Reason.NOT_CONFIRMED]
    return _OUTCOMES.get(last.state, last.state.name)


def asked_for(question: AuditedQuestion) -> list[str]:
    """What the caller wanted to know, one sentence for each fact. Records of older versions name none."""
    return [_fact(fact_id) for fact_id in question.first.facts.split()]


def disclosed(question: AuditedQuestion) -> list[str]:
    """What the caller was told about the employee, one sentence for each fact."""
    last = question.last
    if not last.result:
        return [_OLDER_ANSWER if last.state is TaskState.COMPLETED else _NOTHING]
    return [text for word in last.result.split() if (text := _WORDS[word] if word in _WORDS else _fact(word))]


def _fact(fact_id: str) -> str:
    """The words that the phone shows too, as a sentence; an unknown id as it is."""
    known = SKILLS.facts.get(fact_id)
    return known.words[0].upper() + known.words[1:] if known else fact_id
