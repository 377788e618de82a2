"""Questions, replies and the task that they belong to."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from client.program import run
from tests.support.client_options import QUESTION, options
from tests.support.fake_agent import APPROVAL_PENDING, FakeAgent, Json, answered, card, task
from tests.support.terminal import Terminal

EMAIL_NEEDED = task("INPUT_REQUIRED", "Whose address?")
WAIT = "https://staff0/a2a/wait/v1"


def waiting_card(max_seconds: object = 20) -> Json:
    return card(capabilities={"extensions": [{"uri": WAIT, "params": {"max_seconds": max_seconds}}]})


def waits(agent: FakeAgent) -> list[str | None]:
    """The header Staff0-Wait of each GetTask."""
    calls = [request for request in agent.requests if b'"GetTask"' in request.content]
    return [request.headers.get("Staff0-Wait") for request in calls]


def sent(agent: FakeAgent, number: int) -> dict[str, object]:
    calls = [json.loads(request.content) for request in agent.requests if request.url.path == "/rpc"]
    message: dict[str, object] = calls[number]["params"]["message"]
    return message


def test_question_is_read_from_stdin(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    context = replace(agent.context(tmp_path), stdin=io.StringIO(f"{QUESTION}\n"))
    assert run(options(question="-"), context) == 0
    assert sent(agent, 0)["parts"] == [{"text": QUESTION}]


@pytest.mark.parametrize("question", ["", "  ", "-"])
def test_empty_question_is_not_sent(tmp_path: Path, question: str) -> None:
    agent = FakeAgent([answered("Yes.")])
    context = replace(agent.context(tmp_path), stdin=io.StringIO(""))
    assert run(options(question=question), context) == 2
    assert not agent.requests


def test_reply_continues_same_task(tmp_path: Path) -> None:
    agent = FakeAgent([EMAIL_NEEDED, answered("Yes.")], out=Terminal())
    context = replace(agent.context(tmp_path), stdin=Terminal("jdoe@staff0.com\n"))
    assert run(options(), context) == 0
    follow_up = sent(agent, 1)
    assert (follow_up["taskId"], follow_up["contextId"]) == ("t1", "c1")
    assert follow_up["parts"] == [{"text": "jdoe@staff0.com"}]
    assert follow_up["messageId"] != sent(agent, 0)["messageId"]


def test_empty_reply_ends_program(tmp_path: Path) -> None:
    agent = FakeAgent([EMAIL_NEEDED], out=Terminal())
    assert run(options(), replace(agent.context(tmp_path), stdin=Terminal("\n"))) == 1


def test_without_terminal_question_and_options_are_printed(tmp_path: Path) -> None:
    agent = FakeAgent([EMAIL_NEEDED])
    context = replace(agent.context(tmp_path), stdin=io.StringIO("not asked for"))
    assert run(options(), context) == 1
    assert "Whose address?" in agent.out.getvalue()
    assert "--task-id t1 --context-id c1" in agent.out.getvalue()


def test_task_id_option_continues_task(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    run(options(task_id="t1", context_id="c1"), agent.context(tmp_path))
    assert (sent(agent, 0)["taskId"], sent(agent, 0)["contextId"]) == ("t1", "c1")


def test_agent_that_can_wait_is_asked_to(tmp_path: Path) -> None:
    """The first GetTask learns the number of the last change, so that no change before the second is missed."""
    pending = {**APPROVAL_PENDING, "metadata": {"sequence": 3, "event_id": "t1/3"}}
    agent = FakeAgent([APPROVAL_PENDING, pending, pending, answered("Yes.")], card=waiting_card())
    assert run(options(), agent.context(tmp_path)) == 0
    assert waits(agent) == ["20;after=0", "20;after=3", "20;after=3"]
    assert agent.naps == [0.5, 0.5, 0.5]
    assert agent.out.getvalue().count("AUTH_REQUIRED") == 1


def test_agent_that_cannot_wait_is_polled(tmp_path: Path) -> None:
    agent = FakeAgent([APPROVAL_PENDING, APPROVAL_PENDING, answered("Yes.")])
    assert run(options(), agent.context(tmp_path)) == 0
    assert waits(agent) == [None, None]
    assert min(agent.naps) >= 2


@pytest.mark.parametrize(("max_seconds", "expected"), [(5, "5;after=0"), (10**9, "20;after=0"), (2.5, "2;after=0")])
def test_card_limits_the_wait(tmp_path: Path, max_seconds: object, expected: str) -> None:
    agent = FakeAgent([APPROVAL_PENDING, answered("Yes.")], card=waiting_card(max_seconds))
    run(options(), agent.context(tmp_path))
    assert waits(agent) == [expected]


@pytest.mark.parametrize("max_seconds", [0, -1, "20", None, [], {}])
def test_wait_of_a_strange_card_is_not_used(tmp_path: Path, max_seconds: object) -> None:
    agent = FakeAgent([APPROVAL_PENDING, answered("Yes.")], card=waiting_card(max_seconds))
    assert run(options(), agent.context(tmp_path)) == 0
    assert waits(agent) == [None]


@pytest.mark.parametrize("sequence", ["3", -1, 10**12, 1e300, None, {}, [3]])
def test_strange_sequence_counts_as_none(tmp_path: Path, sequence: object) -> None:
    pending = {**APPROVAL_PENDING, "metadata": {"sequence": sequence}}
    agent = FakeAgent([pending, answered("Yes.")], card=waiting_card())
    assert run(options(), agent.context(tmp_path)) == 0
    assert waits(agent) == ["20;after=0"]


def test_wait_ends_with_the_timeout(tmp_path: Path) -> None:
    agent = FakeAgent([APPROVAL_PENDING, answered("Yes.")], card=waiting_card())
    run(options(timeout_seconds=8.0), agent.context(tmp_path))
    assert waits(agent) == ["7;after=0"]
