"""Ctrl-C, sent as a real SIGINT to this process."""

from __future__ import annotations

import json
import runpy
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from client.exit_code import ExitCode
from client.program import run
from tests.support.client_options import options
from tests.support.fake_agent import APPROVAL_PENDING, FakeAgent, answered, task
from tests.support.terminal import Terminal


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


def test_interrupt_while_waiting_leaves_the_request_open(tmp_path: Path) -> None:
    """A canceled one would ring no phone again until its code expires: asking again would be refused."""
    agent = InterruptingUser([APPROVAL_PENDING])
    assert run(options(), agent.context(tmp_path)) == ExitCode.INTERRUPTED
    assert agent.methods == ["SendMessage"]
    assert "run the same command to see it" in agent.out.getvalue()
    assert "To cancel it: --task-id t1 --context-id c1 cancel" in agent.out.getvalue()
    assert agent.err.getvalue() == ""


def test_interrupt_while_sending(tmp_path: Path) -> None:
    agent = InterruptingUser([httpx.Response(503, json={}), APPROVAL_PENDING])
    assert run(options(), agent.context(tmp_path)) == ExitCode.INTERRUPTED
    assert agent.methods == ["SendMessage"]
    assert "The request may be open; run the same command to see it." in agent.out.getvalue()


def test_json_report_after_interrupt(tmp_path: Path) -> None:
    agent = InterruptingUser([APPROVAL_PENDING])
    run(options(json=True), agent.context(tmp_path))
    report = json.loads(agent.out.getvalue())
    assert (report["state"], report["task_id"]) == ("AUTH_REQUIRED", "t1")


def test_interrupt_before_the_question_is_sent(tmp_path: Path) -> None:
    class Unknown(FakeAgent):
        def _serve(self, request: httpx.Request) -> httpx.Response:
            signal.raise_signal(signal.SIGINT)
            return super()._serve(request)

    agent = Unknown([APPROVAL_PENDING])
    assert run(options(), agent.context(tmp_path)) == ExitCode.INTERRUPTED
    assert "No request had been sent yet." in agent.out.getvalue()
    assert agent.methods == []


def test_asking_again_shows_the_open_request(tmp_path: Path) -> None:
    """The agent answers with the task of the first run, which may wait for the employee already."""
    agent = FakeAgent([APPROVAL_PENDING, answered("Yes.")])
    assert run(options(), agent.context(tmp_path)) == ExitCode.CONFIRMED
    assert "7K4QXM" in agent.out.getvalue()
    assert agent.methods == ["SendMessage", "GetTask"]


@pytest.mark.parametrize("name", ["client", "client.verify"])
def test_interrupt_while_modules_are_loaded(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt if name == "main" else AttributeError(name)

    for module in ("client.entry_point", "client.verification"):
        monkeypatch.setitem(sys.modules, module, Interrupted(module))
    with pytest.raises(SystemExit) as exit_info:
        runpy.run_module(name, run_name="__main__")
    assert exit_info.value.code == ExitCode.INTERRUPTED
    assert "the same command" in capsys.readouterr().err


def test_interrupt_at_prompt(tmp_path: Path) -> None:
    class Keyboard(Terminal):
        def readline(self, _size: int | None = -1, /) -> str:  # type: ignore[override]  # as typeshed has it
            signal.raise_signal(signal.SIGINT)
            return ""

    agent = FakeAgent([task("INPUT_REQUIRED", "Whose address?")], out=Terminal())
    context = replace(agent.context(tmp_path), stdin=Keyboard())
    assert run(options(), context) == ExitCode.INTERRUPTED
    assert agent.methods == ["SendMessage"]
    assert "The request stays open" in agent.out.getvalue()
