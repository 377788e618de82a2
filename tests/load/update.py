"""Updates the running local stack from another revision to this working tree, while employees are being asked.

python -m tests.load.update [--revision HEAD] [--questions 12]

Deploys the code, the state machine and the settings of the revision, asks, deploys those of the working tree, and
lets the employees approve then. Exit code 1 unless every task is completed. The revision must have docs/adr/0031.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Final

import httpx

from local.cli.deploy import BUILD_OPTIONS, sam_environment
from local.cli.paths import PROJECT, SAM, STACK, STATE
from local.cli.settings import read_settings
from tests.support.running_stack import run_local
from tests.support.system import Caller, System, code_of, sentence_of

# Longer than two deployments take. The two differ, so that the update also changes a setting.
_EXPIRY_SECONDS, _NEW_EXPIRY_SECONDS = "300", "299"
_DEPLOY: Final = ("deploy", "--config-file", str(STATE / "samconfig.toml"), "--config-env", "local")

type Json = dict[str, Any]
type Asked = list[tuple[Json, str]]
"""Each task, with the sentence that is to answer it."""


def deploy_revision(revision: str) -> None:
    """Builds a checkout of the revision, and deploys it with the parameters of the last `make up`."""
    with tempfile.TemporaryDirectory() as folder:
        _run("git", "worktree", "add", "--quiet", "--detach", folder, revision)
        try:
            _run(str(SAM), "build", *BUILD_OPTIONS, cwd=folder)
            _run(str(SAM), *_DEPLOY, cwd=folder)
        finally:
            _run("git", "worktree", "remove", "--force", folder)


def _run(*command: str, cwd: str | Path = PROJECT) -> None:
    done = subprocess.run(
        command, cwd=cwd, env=sam_environment(read_settings()), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def versions(system: System) -> Counter[str]:
    """Numbers of the versions that callers reach → how many functions."""
    functions = system.aws("lambda")
    names = [function["FunctionName"] for function in functions.list_functions()["Functions"]]
    return Counter(functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in names)


async def approved(caller: Caller, asked: Asked) -> list[Json]:
    """The tasks once they have ended. Each employee approves."""

    async def answered(task: Json) -> Json:
        await asyncio.to_thread(caller.system.answer, code_of(task), "approve")
        return await caller.ended(task)

    return await asyncio.gather(*(answered(task) for task, _ in asked))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--revision", default="HEAD", help="what is deployed when the questions are asked")
    parser.add_argument("--questions", type=int, default=12)
    options = parser.parse_args()
    run_local("up", REQUESTED_EXPIRY_SECONDS=_EXPIRY_SECONDS)
    deploy_revision(options.revision)
    with httpx.Client(timeout=60, trust_env=False) as http:
        system = System(json.loads(STACK.read_text()), http)
        caller = system.caller()
        asked = [(caller.ask(person.question), person.yes) for person in system.hire_many(options.questions)]
        print(f"asked       {Counter(task['status']['state'] for task, _ in asked)}, versions {versions(system)}")
        run_local("up", REQUESTED_EXPIRY_SECONDS=_NEW_EXPIRY_SECONDS)
        open_now = Counter(caller.get(task["id"]).json()["status"]["state"] for task, _ in asked)
        print(f"updated     {open_now}, versions {versions(system)}")
        ended = asyncio.run(approved(caller, asked))
    print(f"approved    {Counter(task['status']['state'] for task in ended)}")
    run_local("up")
    return 0 if [sentence_of(task) for task in ended] == [yes for _, yes in asked] else 1


if __name__ == "__main__":
    sys.exit(main())
