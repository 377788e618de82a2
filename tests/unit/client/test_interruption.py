"""Ctrl-C, as a real SIGINT to this process."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from client.exit_code import ExitCode
from client.program import run
from tests.support.fake_agent import FakeAgent, Json, answered, task
from tests.support.terminal import Terminal
from tests.unit.client.test_program import ASKED, options

CANCELED = task("CANCELED", "Canceled.")


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """Whoever runs the tests in the background of a shell without job control has SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@dataclass
class ImpatientPerson(FakeAgent):
    """Presses Ctrl-C at the first wait."""

    async def _sleep(self, seconds: float) -> None:
        if not self.naps:
            signal.raise_signal(signal.SIGINT)
        await super()._sleep(seconds)


def test_ctrl_c_withdraws_the_request_from_the_employees_phone(tmp_path: Path) -> None:
    agent = ImpatientPerson([ASKED, CANCELED])
    assert run(options(), agent.surroundings(tmp_path)) == ExitCode.INTERRUPTED
    assert agent.methods == ["SendMessage", "CancelTask"]
    assert "The request is closed." in agent.out.getvalue()


def test_ctrl_c_while_asking_still_withdraws_the_request(tmp_path: Path) -> None:
    agent = ImpatientPerson([httpx.Response(503, json={}), ASKED, CANCELED])
    assert run(options(), agent.surroundings(tmp_path)) == ExitCode.INTERRUPTED
    assert agent.methods == ["SendMessage", "SendMessage", "CancelTask"]


def test_a_script_reads_the_canceled_task_after_ctrl_c(tmp_path: Path) -> None:
    agent = ImpatientPerson([ASKED, CANCELED])
    run(options(json=True), agent.surroundings(tmp_path))
    assert json.loads(agent.out.getvalue())["state"] == "CANCELED"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ([ASKED, httpx.Response(503, json={})], "The request may still be open."),
        ([ASKED, {"error": {"code": -32002, "message": "too late"}}, answered("Yes.")], ""),
    ],
)
def test_a_cancel_that_fails_is_told_and_is_no_stack_trace(tmp_path: Path, script: list[Json], told: str) -> None:
    agent = ImpatientPerson(script)
    assert run(options(), agent.surroundings(tmp_path)) == ExitCode.INTERRUPTED
    assert told in agent.err.getvalue()


def test_ctrl_c_at_the_prompt_withdraws_the_request(tmp_path: Path) -> None:
    class Keyboard(Terminal):
        def readline(self, _size: int | None = -1, /) -> str:  # type: ignore[override]  # as typeshed has it
            signal.raise_signal(signal.SIGINT)
            return ""

    agent = FakeAgent([task("INPUT_REQUIRED", "Whose address?"), CANCELED], out=Terminal())
    around = replace(agent.surroundings(tmp_path), stdin=Keyboard())
    assert run(options(), around) == ExitCode.INTERRUPTED
    assert agent.methods == ["SendMessage", "CancelTask"]
