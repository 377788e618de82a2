"""Start and stop of background processes; processes of other programs stay untouched."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local.cli import process_records, processes
from local.cli.processes import Service
from local.errors import LocalError

# `make up` leaves its processes running.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(process_records, "STATE", tmp_path)
    monkeypatch.setattr(processes, "LOGS", tmp_path / "logs")
    yield
    processes.stop("probe")


def probe(*command: str, environment: dict[str, str] | None = None, is_ready: bool = True) -> Service:
    return Service("probe", "probe", command or SLEEP, environment or {}, lambda: is_ready)


def test_second_start_changes_nothing(tmp_path: Path) -> None:
    assert processes.start(probe())
    before = (tmp_path / "run" / "probe.json").read_text()
    assert not processes.start(probe())
    assert (tmp_path / "run" / "probe.json").read_text() == before


def test_changed_environment_restarts_the_process() -> None:
    assert processes.start(probe())
    assert processes.start(probe(environment={"TENANT_PORT": "1"}))
    assert processes.is_running("probe")


def test_changed_source_restarts_the_process() -> None:
    assert processes.start(replace(probe(), source="one"))
    assert not processes.start(replace(probe(), source="one"))
    assert processes.start(replace(probe(), source="two"))


def test_second_stop_returns_false() -> None:
    processes.start(probe())
    assert processes.stop("probe")
    assert not processes.stop("probe")
    assert not processes.is_running("probe")


def test_other_process_with_the_recorded_pid_is_not_stopped(tmp_path: Path) -> None:
    with subprocess.Popen(SLEEP) as other:
        (tmp_path / "run").mkdir()
        record = {"pid": str(other.pid), "started": "1", "fingerprint": "f"}
        (tmp_path / "run" / "probe.json").write_text(json.dumps(record))
        assert not processes.stop("probe")
        assert other.poll() is None
        other.kill()


def test_killed_process_has_crashed_and_can_be_started(tmp_path: Path) -> None:
    processes.start(probe())
    assert not processes.has_crashed("probe")
    os.kill(int(json.loads((tmp_path / "run" / "probe.json").read_text())["pid"]), 9)
    assert processes.wait_until(lambda: processes.has_crashed("probe"), 5)
    assert processes.start(probe())
    assert not processes.has_crashed("probe")


def test_failed_start_shows_the_end_of_the_log() -> None:
    with pytest.raises(LocalError, match="no such port"):
        processes.start(probe(sys.executable, "-c", "raise SystemExit('no such port')", is_ready=False))


def test_process_writes_files_for_this_user_only(tmp_path: Path) -> None:
    written = tmp_path / "written"
    program = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
    command = (sys.executable, "-c", program, str(written))
    assert processes.start(Service("probe", "probe", command, {}, written.exists))
    assert written.stat().st_mode & 0o077 == 0
