"""Background processes: started once, found again by pid and start time, stopped without touching anybody else's."""

import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.cli.errors import LocalError
from local.cli.paths import LOGS, PROJECT, STATE

_READY_SECONDS = 40
_STOP_SECONDS = 8
_LOOK_SECONDS = 0.1
_PROC = Path("/proc")


@dataclass(frozen=True)
class Service:
    """A program, its environment, and how to know that it serves."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    is_ready: Callable[[], bool]

    @property
    def fingerprint(self) -> str:
        """Changes when the process must be started anew."""
        text = json.dumps([self.command, sorted(self.environment.items())])
        return hashlib.sha256(text.encode()).hexdigest()


def start(service: Service) -> bool:
    """True if it was started, False if it ran already.

    Raises LocalError with the end of its log if it does not come up.
    """
    record = _read(service.name)
    if record and runs_as_wanted(service):
        _wait_until_ready(service, int(record["pid"]))
        return False
    stop(service.name)
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{service.name}.log").open("wb") as log:
        process = subprocess.Popen(
            service.command,
            cwd=PROJECT,
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = {"pid": str(process.pid), "started": _start_time(process.pid), "fingerprint": service.fingerprint}
    _file(service.name).write_text(json.dumps(started))
    _wait_until_ready(service, process.pid, process)
    return True


def runs_as_wanted(service: Service) -> bool:
    """False also when it runs with other ports or variables than it should."""
    record = _read(service.name)
    return record is not None and record["fingerprint"] == service.fingerprint and _is_ours(record)


def is_running(name: str) -> bool:
    record = _read(name)
    return record is not None and _is_ours(record)


def has_crashed(name: str) -> bool:
    """It was started, never stopped, and is gone: a kill, or a restart of the machine."""
    record = _read(name)
    return record is not None and not _is_ours(record)


def stop(name: str) -> bool:
    """True if it ran. SIGTERM first, so that the emulator can write its state."""
    record = _read(name)
    _file(name).unlink(missing_ok=True)
    if record is None or not _is_ours(record):
        return False
    pid = int(record["pid"])
    os.kill(pid, signal.SIGTERM)
    if not _until(lambda: not _is_ours(record), _STOP_SECONDS):
        os.kill(pid, signal.SIGKILL)
        _until(lambda: not _is_ours(record), 2)
    return True


def _wait_until_ready(service: Service, pid: int, process: subprocess.Popen[bytes] | None = None) -> None:
    def died() -> bool:
        return process is not None and process.poll() is not None

    if _until(lambda: died() or service.is_ready(), _READY_SECONDS) and not died():
        return
    log = (LOGS / f"{service.name}.log").read_text(errors="replace").strip().splitlines()[-5:]
    raise LocalError("\n  ".join([f"The {service.name} (pid {pid}) does not come up. Its log ends:", *log]))


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _is_ours(record: Mapping[str, str]) -> bool:
    """The pid lives and started when ours did: a number that somebody else got since is left alone."""
    return record["started"] != "" and _start_time(int(record["pid"])) == record["started"]


def _start_time(pid: int) -> str:
    """When the process started, as a text to compare; empty when there is none, or only what is left of one."""
    if _PROC.is_dir():
        return _start_time_on_linux(pid)
    command = ["ps", "-o", "lstart=,stat=", "-p", str(pid)]
    found = subprocess.run(command, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False)
    text, _, state = found.stdout.strip().rpartition(" ")
    return "" if state.startswith("Z") else text.strip()


def _start_time_on_linux(pid: int) -> str:
    """In clock ticks since boot: unlike `ps`, there in the smallest image and untouched by a change of the clock."""
    try:
        status = (_PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    state, *fields = status.rpartition(")")[2].split()  # proc(5): the name before it may hold anything
    return "" if state == "Z" else fields[18]


def _file(name: str) -> Path:
    folder = STATE / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.json"


def _read(name: str) -> dict[str, str] | None:
    try:
        record: dict[str, str] = json.loads(_file(name).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return record
