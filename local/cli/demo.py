"""`make demo`: one question from the caller to the answer, with the phone in between."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

import httpx

from local.cli.errors import LocalError
from local.cli.paths import PROJECT
from local.cli.settings import LocalSettings
from local.cli.up import up
from local.phone.automatic_answer import Answer, Phone

QUESTION: Final = "Does John Doe with email jdoe@staff0.com work at Staff0?"
_CODE: Final = re.compile(r"Code to compare with the phone:\s+(\w+)")
NOBODY: Final = "Does Nora Body with email nobody@staff0.com work at Staff0?"


@dataclass(frozen=True)
class Scene:
    """What is asked, what the phone does (None: a person, or nobody, answers), and the client's exit code then."""

    question: str
    answer: Answer | None
    expected_exit_codes: frozenset[int]


_CONFIRMED, _NOT_CONFIRMED = frozenset({0}), frozenset({1})
SCENES: Final = {
    "auto": Scene(QUESTION, "approve", _CONFIRMED),
    "deny": Scene(QUESTION, "deny", _NOT_CONFIRMED),
    "unknown": Scene(NOBODY, None, _NOT_CONFIRMED),
    "expire": Scene(QUESTION, None, _NOT_CONFIRMED),
    "person": Scene(QUESTION, None, frozenset({0, 1})),
}


def demo(settings: LocalSettings) -> int:
    """0 if it ended as the scene should. Raises LocalError."""
    name = os.environ.get("DEMO") or ("person" if sys.stdin.isatty() or settings.has_real_tenant else "auto")
    if name not in SCENES:
        raise LocalError(f"DEMO={name} is unknown. There are: {', '.join(SCENES)}.")
    up(settings)
    scene = SCENES[name]
    print(f"\nA caller's agent asks: {scene.question}")
    if name == "person":
        where = "the Guardian app" if settings.has_real_tenant else settings.phone_url
        print(f"When it waits, open {where} and compare the code.")
    print(flush=True)
    code = _run_client(scene.question, settings.phone_url, scene.answer)
    print("\nThe stack goes on running. `make down` stops it.")
    return 0 if code in scene.expected_exit_codes else code or 1


def _run_client(question: str, phone_url: str, answer: Answer | None) -> int:
    """The client's exit code. With an answer, its lines are read on the way for the code it shows."""
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
                Phone(http, _say).answer(shown[1], answer)
    return client.returncode


def _say(text: str) -> None:
    print(f"  phone     {text}", flush=True)
