"""`make demo` around the client: its report, the automatic answer, and Ctrl-C. The client is a short program here."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.cli import demo as demo_module
from local.cli.demo import demo
from local.cli.settings import LocalSettings
from tests.support.terminal import Terminal

type Play = Callable[[str, str], int]
"""Takes the source of the client and the scene; returns the exit code of the demo."""

SETTINGS = LocalSettings.model_construct()
REPORT = '{"state": "COMPLETED", "confirmed": true, "task_id": "t-1", "attestation": "eyJ.a.b"}'


@pytest.fixture(autouse=True)
def default_sigint_handler() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    def run(source: str, scene: str) -> int:
        package = tmp_path / "client"
        package.mkdir()
        (package / "__main__.py").write_text(source)
        monkeypatch.setattr(demo_module, "PROJECT", tmp_path)
        monkeypatch.setattr(demo_module, "up", lambda _settings: None)
        monkeypatch.setenv("DEMO", scene)
        return demo(SETTINGS)

    return run


def test_demo_explains_the_ending_and_names_commands(play: Play, capfd: pytest.CaptureFixture[str]) -> None:
    source = f"import sys; print({REPORT!r}); print('progress', file=sys.stderr)"
    assert play(source, "person") == 0
    out = capfd.readouterr().out
    assert "progress" in out
    assert "\nThe employee approved" in out
    assert ".venv/bin/python -m client.verify eyJ.a.b\n" in out


@pytest.mark.parametrize("width", range(20, 70, 5))
def test_code_is_not_broken_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    demo_module._print_line(
        "   0.4 s  AUTH_REQUIRED   It shows the code ATW776: they should compare the code ATW776 with it.\n"
    )
    lines = terminal.getvalue().splitlines()
    assert all(len(line) <= width for line in lines)
    assert sum(line.count("ATW776") for line in lines) == 2


@pytest.mark.parametrize("width", range(20, 70, 5))
def test_url_is_not_broken_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    url = "http://127.0.0.1:10050/.well-known/jwks.json"
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    demo_module._print_line(f"Signed statement verified: by {url}, valid until 2026-12-29 01:42:12 UTC.\n")
    lines = terminal.getvalue().splitlines()
    assert sum(url in line for line in lines) == 1
    assert all(len(line) <= width for line in lines if url not in line)


def test_explanation_breaks_between_words(
    play: Play, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It has 101 characters, and a terminal breaks it at its last column, inside a word."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "60")
    play(f"print({REPORT!r})", "auto")
    explanation = terminal.getvalue().partition("The employee approved")[2].partition("Try next")[0]
    assert all(len(line) <= 60 for line in explanation.splitlines())


def test_client_without_a_report(play: Play, capfd: pytest.CaptureFixture[str]) -> None:
    assert play("raise SystemExit(2)", "auto") == 2
    assert "The request did not come to an end" in capfd.readouterr().out


def test_interrupt_waits_until_the_client_has_ended(
    play: Play, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A client that is killed meanwhile could not say how to go on."""
    follow = demo_module._follow

    def follow_and_tell(*arguments: Any) -> None:
        (tmp_path / "followed").touch()
        follow(*arguments)

    monkeypatch.setattr(demo_module, "_follow", follow_and_tell)
    source = (
        "import os, pathlib, signal, time\n"
        "while not pathlib.Path('followed').exists(): time.sleep(0.01)\n"
        "try:\n    os.kill(os.getppid(), signal.SIGINT); time.sleep(1)\n"
        "finally:\n    open('ended', 'w').close()\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    with pytest.raises(KeyboardInterrupt):
        play(source, "expire")
    assert (tmp_path / "ended").exists()


def test_interrupt_of_the_program_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from local import __main__ as program
    from local.cli import commands

    def interrupted(_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "main", interrupted)
    monkeypatch.setattr(sys, "argv", ["local", "demo"])
    assert program.run() == 130
    assert "`make down` stops what runs" in capsys.readouterr().err
