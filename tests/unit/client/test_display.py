"""Lines on a narrow terminal: the code that a person compares is never broken."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from client.program import run
from tests.support.client_options import options
from tests.support.fake_agent import FakeAgent, answered, task
from tests.support.terminal import Terminal

SENTENCE = (
    "If this person can be asked, a request is on their phone now. It shows the code ATW776: they should approve it "
    "only if they have heard this code from you."
)
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.mark.parametrize("width", range(20, 90))
def test_code_is_never_broken(tmp_path: Path, width: int) -> None:
    pending = task("AUTH_REQUIRED", SENTENCE, code="ATW776", expires_at="2026-01-05T09:01:00Z")
    agent = FakeAgent([pending, answered("Yes.")], out=Terminal())
    context = replace(agent.context(tmp_path), out=Console(file=agent.out, width=width, force_terminal=True))
    run(options(), context)
    lines = ESCAPES.sub("", agent.out.getvalue()).replace("\r", "\n").splitlines()
    about_code = [line for line in lines if "ATW" in line or "776" in line]
    assert len(about_code) == 2
    assert all("ATW776" in line for line in about_code)
    assert all(len(line.rstrip()) <= width for line in about_code)


@pytest.mark.parametrize("width", range(20, 90, 7))
def test_answer_breaks_between_words_and_never_in_a_url(tmp_path: Path, width: int) -> None:
    url = "https://hr.example/people/verification/help"
    agent = FakeAgent([answered(f"Yes, John Doe is an active employee of Staff0; see {url} for more.")], out=Terminal())
    run(options(), replace(agent.context(tmp_path), out=Console(file=agent.out, width=width, force_terminal=True)))
    lines = ESCAPES.sub("", agent.out.getvalue()).replace("\r", "\n").splitlines()
    assert any(url in line for line in lines)
    assert all(len(line.rstrip()) <= width for line in lines if url not in line)


def test_pipe_gets_each_state_in_one_line(tmp_path: Path) -> None:
    agent = FakeAgent([task("AUTH_REQUIRED", SENTENCE, code="ATW776"), answered("Yes.")])
    run(options(), replace(agent.context(tmp_path), out=Console(file=agent.out, width=40)))
    assert any(line.endswith(SENTENCE) for line in agent.out.getvalue().splitlines())
