"""Ctrl-C, sent as a real SIGINT to this process."""

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
from tests.support.client_options import options
from tests.support.fake_agent import APPROVAL_PENDING, FakeAgent, Json, answered, task
from tests.support.terminal import Terminal

CANCELED = task("CANCELED", "Canceled.")


@pytest.fixture(autouse=True)
def default_sigint_handler() -> Iterator[None]:
    """A shell without job control ignores SIGINT for background processes, and the tests may be one."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@dataclass
class InterruptingUser(FakeAgent):
    """Presses Ctrl-C while the client waits for the first time."""

    async def _sleep(self, seconds: float) -> None:
        if not self.naps:
            signal.raise_signal(signal.SIGINT)
        await super()._sleep(seconds)


def test_interrupt_while_waiting_cancels_task(tmp_path: Path) -> None:
    agent = InterruptingUser([APPROVAL_PENDING, CANCELED])
    assert run(options(), agent.context(tmp_path)) == ExitCode.INTERRUPTED
    assert agent.methods == ["SendMessage", "CancelTask"]
    assert "The request is closed." in agent.out.getvalue()


def test_interrupt_while_sending_cancels_task(tmp_path: Path) -> None:
    agent = InterruptingUser([httpx.Response(503, json={}), APPROVAL_PENDING, CANCELED])
    assert run(options(), agent.context(tmp_path)) == ExitCode.INTERRUPTED
    assert agent.methods == ["SendMessage", "SendMessage", "CancelTask"]


def test_json_report_after_interrupt(tmp_path: Path) -> None:
    agent = InterruptingUser([APPROVAL_PENDING, CANCELED])
    run(options(json=True), agent.context(tmp_path))
    assert json.loads(agent.out.getvalue())["state"] == "CANCELED"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ([APPROVAL_PENDING, httpx.Response(503, json={})], "The request may still be open."),
        ([APPROVAL_PENDING, {"error": {"code": -32002, "message": "too late"}}, answered("Yes.")], ""),
    ],
)
def test_failed_cancel_is_reported(tmp_path: Path, script: list[Json], expected: str) -> None:
    agent = InterruptingUser(script)
    assert run(options(), agent.context(tmp_path)) == ExitCode.INTERRUPTED
    assert expected in agent.err.getvalue()


def test_interrupt_at_prompt_cancels_task(tmp_path: Path) -> None:
    class Keyboard(Terminal):
        def readline(self, _size: int | None = -1, /) -> str:  # type: ignore[override]  # as typeshed has it
            signal.raise_signal(signal.SIGINT)
            return ""

    agent = FakeAgent([task("INPUT_REQUIRED", "Whose address?"), CANCELED], out=Terminal())
    context = replace(agent.context(tmp_path), stdin=Keyboard())
    assert run(options(), context) == ExitCode.INTERRUPTED
    assert agent.methods == ["SendMessage", "CancelTask"]
