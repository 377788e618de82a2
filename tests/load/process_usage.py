"""Memory and CPU time of processes on this machine, from /proc (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_KIB: Final = 1_024
# Fields of /proc/PID/stat after the name in parentheses, see proc(5). The last two are of children that have ended.
_PARENT, _USER, _SYSTEM, _ENDED_USER, _ENDED_SYSTEM = 1, 11, 12, 13, 14


def resident_bytes(pids: Iterable[int]) -> int:
    """Resident memory of these processes together. A process that has ended counts nothing."""
    return sum(map(_resident_bytes, pids))


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time of these processes since their start, in user and kernel mode."""
    fields = map(_stat, pids)
    return sum(int(each[_USER]) + int(each[_SYSTEM]) for each in fields if each) / _TICKS


def cpu_seconds_of_children(pid: int) -> float:
    """CPU time of all processes that this one has started, also of those that have ended."""
    fields = _stat(pid)
    ended = (int(fields[_ENDED_USER]) + int(fields[_ENDED_SYSTEM])) / _TICKS if fields else 0.0
    return ended + cpu_seconds(children(pid))


def children(pid: int) -> list[int]:
    """The processes that this one has started and that have not ended."""
    found = (int(folder.name) for folder in _PROC.iterdir() if folder.name.isdigit())
    return [each for each in found if (fields := _stat(each)) and int(fields[_PARENT]) == pid]


def _resident_bytes(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * _KIB
    return 0


def _stat(pid: int) -> list[str]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return []
