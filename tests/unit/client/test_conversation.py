from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from client.program import run
from tests.support.fake_agent import FakeAgent, answered, task
from tests.support.terminal import Terminal
from tests.unit.client.test_program import QUESTION, options

WHOSE = task("INPUT_REQUIRED", "Whose address?")


def sent(agent: FakeAgent, number: int) -> dict[str, object]:
    calls = [json.loads(request.content) for request in agent.requests if request.url.path == "/rpc"]
    message: dict[str, object] = calls[number]["params"]["message"]
    return message


def test_a_question_on_stdin_is_asked_as_it_stands(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    around = replace(agent.surroundings(tmp_path), stdin=io.StringIO(f"{QUESTION}\n"))
    assert run(options(question="-"), around) == 0
    assert sent(agent, 0)["parts"] == [{"text": QUESTION}]


@pytest.mark.parametrize("question", ["", "  ", "-"])
def test_an_empty_question_is_not_sent(tmp_path: Path, question: str) -> None:
    agent = FakeAgent([answered("Yes.")])
    around = replace(agent.surroundings(tmp_path), stdin=io.StringIO(""))
    assert run(options(question=question), around) == 2
    assert not agent.requests


def test_a_person_answers_the_agents_question_in_the_same_task(tmp_path: Path) -> None:
    agent = FakeAgent([WHOSE, answered("Yes.")], out=Terminal())
    around = replace(agent.surroundings(tmp_path), stdin=Terminal("jdoe@staff0.com\n"))
    assert run(options(), around) == 0
    follow_up = sent(agent, 1)
    assert (follow_up["taskId"], follow_up["contextId"]) == ("t1", "c1")
    assert follow_up["parts"] == [{"text": "jdoe@staff0.com"}]
    assert follow_up["messageId"] != sent(agent, 0)["messageId"]


def test_a_person_who_gives_up_gets_their_prompt_back(tmp_path: Path) -> None:
    agent = FakeAgent([WHOSE], out=Terminal())
    assert run(options(), replace(agent.surroundings(tmp_path), stdin=Terminal("\n"))) == 1


def test_a_script_learns_the_agents_question_and_how_to_answer_it(tmp_path: Path) -> None:
    agent = FakeAgent([WHOSE])
    around = replace(agent.surroundings(tmp_path), stdin=io.StringIO("not asked for"))
    assert run(options(), around) == 1
    assert "Whose address?" in agent.out.getvalue()
    assert "--task-id t1 --context-id c1" in agent.out.getvalue()


def test_a_later_run_answers_in_the_same_task(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    run(options(task_id="t1", context_id="c1"), agent.surroundings(tmp_path))
    assert (sent(agent, 0)["taskId"], sent(agent, 0)["contextId"]) == ("t1", "c1")
