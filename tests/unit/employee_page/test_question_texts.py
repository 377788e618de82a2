"""What the page says of each ending, and that no ending says what was not disclosed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from employee_page.question_texts import disclosed, outcome
from employee_page.request_history import LONGEST_REQUEST, AuditedQuestion
from staff0.tasks import AuditRecord, Reason, TaskState

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def question(state: TaskState, **words: str) -> AuditedQuestion:
    return AuditedQuestion(AT, AuditRecord("t", 5, AT, "acme", state, **words))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (question(TaskState.COMPLETED), "You approved."),
        (question(TaskState.REJECTED, reason="denied"), "You refused."),
        (question(TaskState.CANCELED), "The caller withdrew the request."),
        (question(TaskState.FAILED, reason="not_confirmed"), "It ended without an answer from you."),
        (
            question(TaskState.FAILED, reason="not_confirmed", not_asked="switched_off"),
            "You were not asked: you had switched questions off.",
        ),
        (question(TaskState.CANCELED, not_asked="switched_off"), "The caller withdrew the request."),
        (question(TaskState.AUTH_REQUIRED), "It waits for your answer."),
        (
            question(TaskState.AUTH_REQUIRED, not_asked="switched_off"),
            "You were not asked: you had switched questions off.",
        ),
        (question(TaskState.WORKING), "You approved. The answer is on its way."),
        (question(TaskState.FAILED, reason="hr_api_unavailable"), "You approved, but the HR system did not answer."),
        (question(TaskState.FAILED, reason="a reason of a later version"), "The request failed."),
        (question(TaskState.INPUT_REQUIRED), "INPUT_REQUIRED"),
    ],
)
def test_outcome(asked: AuditedQuestion, text: str) -> None:
    assert outcome(asked, AT + timedelta(minutes=1)) == text


def test_request_that_no_caller_has_read_again_has_ended() -> None:
    asked = question(TaskState.AUTH_REQUIRED)
    assert outcome(asked, AT + LONGEST_REQUEST) == "It ended without an answer from you."


@pytest.mark.parametrize(
    ("result", "facts"),
    [
        ("confirmed active", ["That you work here"]),
        ("confirmed active name_matches", ["That you work here", "That the name in the question is yours"]),
        ("not_confirmed active name_differs", ["That you work here", "That the name in the question is not yours"]),
        ("not_confirmed inactive", ["That you do not work here at present"]),
        ("confirmed active title_matches", ["That you work here", "title_matches"]),
    ],
)
def test_disclosed_facts(result: str, facts: list[str]) -> None:
    assert disclosed(question(TaskState.COMPLETED, result=result)) == facts


@pytest.mark.parametrize("state", [state for state in TaskState if state is not TaskState.COMPLETED])
@pytest.mark.parametrize("reason", ["", *Reason])
def test_nothing_is_disclosed_without_a_result(state: TaskState, reason: str) -> None:
    assert disclosed(question(state, reason=reason)) == ["Nothing"]


def test_record_of_an_older_version_does_not_say_nothing() -> None:
    [text] = disclosed(question(TaskState.COMPLETED))
    assert text != "Nothing"
