"""What the page says of each ending, and that no ending says what was not disclosed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from employee_page.question_texts import asked_for, disclosed, outcome
from employee_page.request_history import LONGEST_REQUEST, AuditedQuestion
from staff0.skills import SKILLS
from staff0.tasks import AuditRecord, Reason, TaskState

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def question(state: TaskState, **words: str) -> AuditedQuestion:
    first = AuditRecord("t", 3, AT, "acme", TaskState.AUTH_REQUIRED, facts=words.get("facts", ""))
    return AuditedQuestion(first, AuditRecord("t", 5, AT, "acme", state, **words))


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
        (
            "confirmed active start_date job_title",
            ["That you work here", "Since when you have worked at Staff0", "Your job title"],
        ),
        ("confirmed active a_later_fact", ["That you work here", "a_later_fact"]),
    ],
)
def test_disclosed_facts(result: str, facts: list[str]) -> None:
    assert disclosed(question(TaskState.COMPLETED, result=result)) == facts


@pytest.mark.parametrize(
    ("facts", "texts"),
    [
        ("", []),
        ("employment_status name", ["Whether you work at Staff0", "Whether the name they gave is yours"]),
        ("employment_status job_title", ["Whether you work at Staff0", "Your job title"]),
        ("employment_status a_later_fact", ["Whether you work at Staff0", "a_later_fact"]),
    ],
)
def test_what_was_asked_is_in_the_words_of_the_phone(facts: str, texts: list[str]) -> None:
    assert asked_for(question(TaskState.FAILED, reason="not_confirmed", facts=facts)) == texts


@pytest.mark.parametrize("fact_id", SKILLS.facts)
def test_each_fact_that_can_be_disclosed_has_words(fact_id: str) -> None:
    [text] = asked_for(question(TaskState.AUTH_REQUIRED, facts=fact_id))
    assert text != fact_id


@pytest.mark.parametrize("state", [state for state in TaskState if state is not TaskState.COMPLETED])
@pytest.mark.parametrize("reason", ["", *Reason])
def test_nothing_is_disclosed_without_a_result(state: TaskState, reason: str) -> None:
    assert disclosed(question(state, reason=reason)) == ["Nothing"]


def test_record_of_an_older_version_does_not_say_nothing() -> None:
    [text] = disclosed(question(TaskState.COMPLETED))
    assert text != "Nothing"
