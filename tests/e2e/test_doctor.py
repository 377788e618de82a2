"""The doctor finds nothing wrong with the running stack, and names each employee that cannot be asked on purpose."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from local.cli.paths import PROJECT
from tests.support.system import System

PROGRAMS = {"make doctor": ("-m", "local", "doctor"), "operations": ("-m", "operations", "doctor")}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_each_check_of_the_running_stack_passes(system: System, program: tuple[str, ...]) -> None:
    run = subprocess.run(
        [sys.executable, *program], cwd=PROJECT, env=os.environ, capture_output=True, text=True, check=False
    )
    lines = run.stdout.splitlines()
    assert run.returncode == 0, run.stdout + run.stderr
    passed = {int(line.split()[1]) for line in lines if line.startswith("ok ")}
    assert passed >= {1, 2, 3, 5, 6, 7, 11, 13}
    assert lines[-1] == "All checks passed."
