"""Records of background processes: pid and start time, so that a reused pid is recognized."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from local.cli.paths import STATE
from local.cli.private_files import write_private

_PROC = Path("/proc")

type ProcessRecord = Mapping[str, str]
"""`pid`, `started` (see `start_time`) and `fingerprint` of the service."""


def read_record(name: str) -> ProcessRecord | None:
    """The record of a service; None if it was never started, or was stopped."""
    try:
        record: dict[str, str] = json.loads(_file(name).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return record


def write_record(name: str, pid: int, fingerprint: str) -> None:
    record = {"pid": str(pid), "started": start_time(pid), "fingerprint": fingerprint}
    write_private(_file(name), json.dumps(record))


def delete_record(name: str) -> None:
    _file(name).unlink(missing_ok=True)


def is_alive(record: ProcessRecord) -> bool:
    """Whether the recorded process still runs. A later process with the same pid has another start time."""
    return record["started"] != "" and start_time(int(record["pid"])) == record["started"]


def start_time(pid: int) -> str:
    """Start time of a process as text, for comparison only; empty if it does not run or is a zombie."""
    if _PROC.is_dir():
        return _start_time_on_linux(pid)
    command = ["ps", "-o", "lstart=,stat=", "-p", str(pid)]
    found = subprocess.run(command, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False)
    text, _, state = found.stdout.strip().rpartition(" ")
    return "" if state.startswith("Z") else text.strip()


def _start_time_on_linux(pid: int) -> str:
    """In clock ticks since boot. Unlike `ps`, /proc is in every image, and a change of the clock does not matter."""
    try:
        status = (_PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    state, *fields = status.rpartition(")")[2].split()  # proc(5): the name in parentheses may contain spaces
    return "" if state == "Z" else fields[18]


def _file(name: str) -> Path:
    folder = STATE / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.json"
