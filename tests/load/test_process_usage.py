"""Memory and CPU time of processes, as the comparison and the series read them from /proc."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.load.process_usage import children, cpu_seconds, cpu_seconds_of_children, resident_bytes

_MIB = 2**20


@contextmanager
def started(program: str) -> Iterator[int]:
    """A Python process that runs this program, prints a line and waits."""
    command = [sys.executable, "-S", "-c", f"{program}\nprint(flush=True)\nimport sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        process.communicate()


def test_memory_is_that_of_the_processes_together() -> None:
    with started("held = b'x' * (50 * 2**20)") as large, started("pass") as small:
        together = resident_bytes([large, small])
        assert together == resident_bytes([large]) + resident_bytes([small])
        assert resident_bytes([large]) - resident_bytes([small]) > 45 * _MIB


def test_cpu_time_counts_work_and_no_waiting() -> None:
    with started("import time\nwhile time.process_time() < 0.4: pass") as busy, started("pass") as idle:
        assert cpu_seconds([busy]) >= 0.3
        assert cpu_seconds([busy, idle]) - cpu_seconds([idle]) >= 0.3


def test_children_are_the_processes_that_a_process_has_started() -> None:
    waiting = "[sys.executable, '-S', '-c', 'import sys; sys.stdin.read()']"
    program = f"import subprocess, sys\ninner = subprocess.Popen({waiting}, stdin=-1)"
    with started(program) as outer:
        [inner] = children(outer)
        assert children(inner) == []
        assert resident_bytes([inner]) > 0


def test_process_that_has_ended_counts_nothing() -> None:
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as process:
        process.wait()
    assert resident_bytes([process.pid]) == 0
    assert cpu_seconds([process.pid]) == 0


def test_cpu_time_of_children_counts_those_that_have_ended() -> None:
    busy = "import time\nwhile time.process_time() < 0.4: pass"
    with started(f"import subprocess, sys\nsubprocess.run([sys.executable, '-S', '-c', {busy!r}])") as parent:
        assert children(parent) == []
        assert cpu_seconds_of_children(parent) >= 0.3
