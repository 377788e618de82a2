"""`make demo`: one question, the employee's answer on the phone, and the agent's reply."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

import httpx

from local.cli.paths import PROJECT
from local.cli.settings import LocalSettings
from local.cli.up import up
from local.errors import LocalError
from local.phone.automatic_answer import Answer, Phone

QUESTION: Final = "Does John Doe with email jdoe@staff0.com work at Staff0?"
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
    code = _run_client(scene.question, settings.phone_url, scene.answer)
    print("\nThe stack keeps running. `make down` stops it.")
    return 0 if code in scene.expected_exit_codes else code or 1


def _run_client(question: str, phone_url: str, answer: Answer | None) -> int:
    """Runs the client and returns its exit code. With `answer`, the phone answers when the client shows the code."""
    command = [sys.executable, "-m", "client", question]
    if answer is None:
        return subprocess.run(command, cwd=PROJECT, check=False).returncode
    with (
        httpx.Client(base_url=phone_url, timeout=5, trust_env=False) as http,
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as client,
    ):
        for line in client.stdout or ():
            print(line, end="", flush=True)
            if shown := _CODE.search(line):
                Phone(http, _print_phone_line).answer(shown[1], answer)
    return client.returncode


def _print_phone_line(text: str) -> None:
    print(f"  phone     {text}", flush=True)
