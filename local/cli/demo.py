"""`make demo`: one question, the employee's answer on the phone, and the agent's reply."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Final

import httpx
from rich.console import Console
from rich.text import Text

from client.word_wrap import print_wrapped
from local.cli.demo_endings import Report, explain, next_commands
from local.cli.paths import PROJECT
from local.cli.settings import LocalSettings
from local.cli.up import up
from local.errors import LocalError
from local.phone.automatic_answer import Answer, Phone

QUESTION: Final = "Does John Doe with email jdoe@staff0.com work at Staff0?"
DETAILS: Final = "Since when does John Doe with email jdoe@staff0.com work at Staff0, and in which role?"
UNKNOWN_EMPLOYEE: Final = "Does Nora Body with email nbody@staff0.com work at Staff0?"
_CODE: Final = re.compile(r"Code to compare with the phone:\s+(\w+)")


@dataclass(frozen=True)
class Scene:
    """A question, the automatic answer (or None), and the client's exit codes that count as success."""

    question: str
    answer: Answer | None
    expected_exit_codes: frozenset[int]


_CONFIRMED, _NOT_CONFIRMED = frozenset({0}), frozenset({1})
SCENES: Final = {
    "auto": Scene(QUESTION, "approve", _CONFIRMED),
    "details": Scene(DETAILS, "approve", _CONFIRMED),
    "deny": Scene(QUESTION, "deny", _NOT_CONFIRMED),
    "unknown": Scene(UNKNOWN_EMPLOYEE, None, _NOT_CONFIRMED),
    "expire": Scene(QUESTION, None, _NOT_CONFIRMED),
    "person": Scene(QUESTION, None, frozenset({0, 1})),
}


def demo(settings: LocalSettings) -> int:
    """Plays the scene that DEMO names. Returns 0 if it ended as expected. Raises LocalError."""
    name = os.environ.get("DEMO") or ("person" if sys.stdin.isatty() or settings.uses_auth0 else "auto")
    if name not in SCENES:
        raise LocalError(f"DEMO={name} is unknown. Choose one of: {', '.join(SCENES)}.")
    up(settings)
    scene = SCENES[name]
    print(f"\nA caller's agent asks: {scene.question}")
    if name == "person":
        where = "the Guardian app" if settings.uses_auth0 else settings.phone_url
        print(f"While it waits, open {where} and compare the code.")
    print(flush=True)
    code, report = _run_client(scene.question, settings.phone_url, scene.answer)
    _print_line(f"\n{explain(report, name)}\n\nTry next:")
    for command, purpose in next_commands(report, settings):
        print(f"\n  # {purpose}\n  {command}")
    return 0 if code in scene.expected_exit_codes else code or 1


def _run_client(question: str, phone_url: str, answer: Answer | None) -> tuple[int, Report]:
    """The client's exit code and report. With `answer`, the phone answers when the client shows the code.

    The client's progress goes to the standard output of the demo: a terminal shows the live line, too.
    """
    command = [sys.executable, "-m", "client", "--json", question]
    sys.stdout.flush()
    with TemporaryFile() as report:
        progress = None if answer is None else subprocess.PIPE
        client = subprocess.Popen(command, cwd=PROJECT, stdout=report, stderr=progress or sys.stdout, text=True)
        try:
            _follow(client, phone_url, answer)
        except KeyboardInterrupt:
            _print_rest(client)  # the client got Ctrl-C too, and says how to go on
            raise
        except LocalError:
            client.send_signal(signal.SIGINT)
            raise
        finally:
            code = client.wait()
            if client.stderr:
                client.stderr.close()
        return code, _read_report(report)


def _follow(client: subprocess.Popen[str], phone_url: str, answer: Answer | None) -> None:
    if client.stderr is None or answer is None:
        client.wait()
        return
    with httpx.Client(base_url=phone_url, timeout=5, trust_env=False) as http:
        for line in client.stderr:
            _print_line(line)
            if shown := _CODE.search(line):
                Phone(http, _print_phone_line).answer(shown[1], answer)


def _print_rest(client: subprocess.Popen[str]) -> None:
    for line in client.stderr or ():
        _print_line(line)


def _read_report(file: IO[bytes]) -> Report:
    file.seek(0)
    try:
        report: Report = json.loads(file.read())
    except ValueError:
        return {}
    return report


def _print_phone_line(text: str) -> None:
    _print_line(f"  phone     {text}")


def _print_line(line: str) -> None:
    print_wrapped(Console(highlight=False), Text(line.rstrip("\n")))
