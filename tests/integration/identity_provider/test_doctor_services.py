"""The doctor finds what is broken at Gemini and in the stack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from operations.doctor.findings import Status
from operations.doctor.subject import Subject
from tests.integration.identity_provider.doctor_runs import MODEL, examine, failure
from tests.support.fake_gemini import FakeGemini
from tests.support.fake_stack_apis import FakeStackApis


@pytest.mark.parametrize(
    ("status", "answered_by", "text"),
    [
        (404, None, "404 -> set another model (GEMINI_MODEL, GeminiModel)"),
        (403, None, "403 -> the key is not valid"),
        (429, None, "429 -> the key's quota is used up"),
        (500, None, "500 -> look at Google's status page"),
        (200, "gemini-9-flash", f"gemini-9-flash answers in place of {MODEL} -> set GEMINI_MODEL"),
    ],
)
def test_gemini_that_does_not_answer(
    subject: Subject, gemini: FakeGemini, status: int, answered_by: str | None, text: str
) -> None:
    gemini.status, gemini.answered_by = status, answered_by
    assert text in failure(subject, 10)


def test_gemini_without_a_key(subject: Subject) -> None:
    found = examine(replace(subject, gemini=None))[10]
    assert (found.status, "rules parse the questions" in found.text) == (Status.NOT_CHECKED, True)


@pytest.mark.parametrize(
    ("field", "status", "text"),
    [
        ("card_status", 500, "the agent's card: 500 -> look at the log of the agent"),
        ("hr_api_without_token", 200, "the HR API without a token: 200 -> it must answer 401"),
        ("task_status", 401, "the agent refuses the token: 401 -> AgentAudience"),
        ("task_status", 403, "does not know this caller: 403 -> python -m operations [--stack-name NAME] callers add"),
        ("task_status", 503, "the agent, asked for a task: 503"),
        ("hr_api_status", 404, "the HR API accepts a caller's token: 404 -> it must verify the audience"),
    ],
)
def test_stack_that_is_broken(subject: Subject, apis: FakeStackApis, field: str, status: int, text: str) -> None:
    setattr(apis, field, status)
    assert text in failure(subject, 11)


@pytest.mark.parametrize("agent_url", ["", "http://127.0.0.1:9"])
def test_stack_that_does_not_run(subject: Subject, agent_url: str) -> None:
    assert "`make up`; in the cloud `sam deploy`" in failure(replace(subject, agent_url=agent_url), 11)
