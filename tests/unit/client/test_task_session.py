"""Questions, replies and the task that they belong to."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from client.program import run
from tests.support.client_options import QUESTION, options
from tests.support.fake_agent import FakeAgent, answered, task
from tests.support.terminal import Terminal

EMAIL_NEEDED = task("INPUT_REQUIRED", "Whose address?")


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
