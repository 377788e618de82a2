"""Background processes of `make up`: start, stop, and state. Only processes that it started are ever stopped."""

import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local.cli.paths import LOGS, PROJECT
from local.cli.private_files import PRIVATE_UMASK
from local.cli.process_records import delete_record, is_alive, read_record, write_record
from local.errors import LocalError

_READY_SECONDS = 40
_STOP_SECONDS = 8
_CHECK_SECONDS = 0.1


@dataclass(frozen=True)
class Service:
    """A program, its environment variables, and a check whether it is ready.

    `name` is the name of its log and its record; `label` is its name in messages. `source` is a hash of its files.
    """

    name: str
    label: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    is_ready: Callable[[], bool]
    source: str = ""

    @property
    def fingerprint(self) -> str:
        """Hash of command, environment and source: a process with another fingerprint must be restarted."""
        text = json.dumps([self.command, sorted(self.environment.items()), self.source])
        return hashlib.sha256(text.encode()).hexdigest()


def start(service: Service) -> bool:
    """Returns whether it started the service; False means that it runs already.

    Raises LocalError with the end of the log if the service does not get ready.
    """
    record = read_record(service.name)
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
            umask=PRIVATE_UMASK,  # it writes tables and keys
        )
    write_record(service.name, process.pid, service.fingerprint)
    _wait_until_ready(service, process.pid, process)
    return True


def runs_as_wanted(service: Service) -> bool:
    """Whether it runs with this command, environment and source."""
    record = read_record(service.name)
    return record is not None and record["fingerprint"] == service.fingerprint and is_alive(record)


def is_running(name: str) -> bool:
    record = read_record(name)
    return record is not None and is_alive(record)


def has_crashed(name: str) -> bool:
    """Whether it was started, was never stopped, and no longer runs: it was killed, or the machine was restarted."""
    record = read_record(name)
    return record is not None and not is_alive(record)


def stop(name: str) -> bool:
    """Returns whether it ran. Sends SIGTERM, so that the emulator can write its state, and SIGKILL after 8 s."""
    record = read_record(name)
    delete_record(name)
    if record is None or not is_alive(record):
        return False
    pid = int(record["pid"])
    os.kill(pid, signal.SIGTERM)
    if not wait_until(lambda: not is_alive(record), _STOP_SECONDS):
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(record), 2)
    return True


def _wait_until_ready(service: Service, pid: int, process: subprocess.Popen[bytes] | None = None) -> None:
    def has_ended() -> bool:
        return process is not None and process.poll() is not None

    if wait_until(lambda: has_ended() or service.is_ready(), _READY_SECONDS) and not has_ended():
        return
    log = (LOGS / f"{service.name}.log").read_text(errors="replace").strip().splitlines()[-5:]
    raise LocalError("\n  ".join([f"The {service.label} (pid {pid}) did not start. Its log ends with:", *log]))


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Returns whether the condition became true within this time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_CHECK_SECONDS)
    return True
