"""`make down` stops what `make up` started, and nothing else."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cli import processes
from local.cli.errors import LocalError
from local.cli.processes import Service

# What `make up` starts is meant to live on after it.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(processes, "STATE", tmp_path)
    monkeypatch.setattr(processes, "LOGS", tmp_path / "logs")
    yield
    processes.stop("probe")


def probe(*command: str, environment: dict[str, str] | None = None, is_ready: bool = True) -> Service:
    return Service("probe", command or SLEEP, environment or {}, lambda: is_ready)


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    assert processes.start(probe())
    before = (tmp_path / "run" / "probe.json").read_text()
    assert not processes.start(probe())
    assert (tmp_path / "run" / "probe.json").read_text() == before


def test_another_port_or_variable_starts_it_anew() -> None:
    assert processes.start(probe())
    assert processes.start(probe(environment={"TENANT_PORT": "1"}))
    assert processes.is_running("probe")


def test_stopping_twice_says_so() -> None:
    processes.start(probe())
    assert processes.stop("probe")
    assert not processes.stop("probe")
    assert not processes.is_running("probe")


def test_somebody_else_s_process_with_our_old_number_lives_on(tmp_path: Path) -> None:
    with subprocess.Popen(SLEEP) as stranger:
        (tmp_path / "run").mkdir()
        record = {"pid": str(stranger.pid), "started": "1", "fingerprint": "f"}
        (tmp_path / "run" / "probe.json").write_text(json.dumps(record))
        assert not processes.stop("probe")
        assert stranger.poll() is None
        stranger.kill()


def test_a_killed_process_is_known_to_have_crashed_and_comes_back(tmp_path: Path) -> None:
    processes.start(probe())
    assert not processes.has_crashed("probe")
    os.kill(int(json.loads((tmp_path / "run" / "probe.json").read_text())["pid"]), 9)
    assert processes._until(lambda: processes.has_crashed("probe"), 5)
    assert processes.start(probe())
    assert not processes.has_crashed("probe")


def test_one_that_does_not_come_up_shows_the_end_of_its_log() -> None:
    with pytest.raises(LocalError, match="no such port"):
        processes.start(probe(sys.executable, "-c", "raise SystemExit('no such port')", is_ready=False))
