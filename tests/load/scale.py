"""1, 10, 100 and 500 questions at once: throughput, delay of the answers, errors and CPU time.

python -m tests.load.scale [--counts 1 10 100 500] [--picture FILE.svg]        (make scale)

First on the running local stack, then by the same functions in one process without the emulator, to see whose limit
it is. All employees approve, after random times. Start the stack with REQUESTED_EXPIRY_SECONDS=300, the default of a
deployed one, and TENANT_POLLS_PER_SECOND=1000, so that this limit of ours does not hide the machine's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from local.cli import services
from local.cli.paths import LOGS, PROJECT, STACK
from local.cli.process_records import read_record
from local.cli.settings import read_settings
from tests.load import scale_picture
from tests.load.crowd import crowd
from tests.load.process_usage import cpu_seconds, cpu_seconds_of_children
from tests.support.system import System
from tests.support.waiting import free_port, wait_until

COUNTS: Final = [1, 10, 100, 500]
STACK_NAME, ALONE_NAME = "local stack", "without the emulator"
_WARM_UP: Final = 8


@dataclass(frozen=True)
class Point:
    """One crowd. `delays` are the seconds from each approval to the answer, `cpu` is the CPU time by process."""

    count: int
    seconds: float
    delays: list[float]
    problems: list[str]
    cpu: Mapping[str, float]

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    def quantile(self, share: float) -> float:
        """The delay that this share of the answers does not exceed."""
        ordered = sorted(self.delays)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Processes:
    """CPU time of the processes of one system. A function's process counts as long as it lives."""

    def __init__(self, alone: int | None = None) -> None:
        self._alone = alone

    def cpu(self) -> dict[str, float]:
        tenant = {"identity provider": cpu_seconds([_pid(services.IDENTITY_PROVIDER)])}
        if self._alone:
            return {"all functions": cpu_seconds([self._alone]), **tenant}
        emulator = _pid(services.EMULATOR)
        return {"emulator": cpu_seconds([emulator]), "functions": cpu_seconds_of_children(emulator), **tenant}


def measure(system: System, processes: Processes, count: int) -> Point:
    done = crowd(system, count, all_approve=True)
    before = processes.cpu()
    asyncio.run(done.run())
    after = processes.cpu()
    delays = [one.ended_at - one.answered_at for one in done.verifications if one.answered_at]
    seconds = max(one.ended_at for one in done.verifications)
    return Point(count, seconds, delays, list(done.problems()), {name: after[name] - before[name] for name in after})


def series(system: System, processes: Processes, counts: list[int]) -> Iterator[Point]:
    """Prints a line for each crowd. The first crowd starts the functions and is not measured."""
    measure(system, processes, _WARM_UP)
    for count in counts:
        point = measure(system, processes, count)
        print(line(point), *point.problems, sep="\n", flush=True)
        yield point


def line(point: Point) -> str:
    cpu = ", ".join(f"{name} {seconds / point.count:.2f}" for name, seconds in point.cpu.items())
    return (
        f"{point.count:>5} at once: all answered after {point.seconds:5.0f} s, {point.per_second:5.2f}/s; "
        f"approval to answer p50 {point.quantile(0.5):5.1f} s, p95 {point.quantile(0.95):5.1f} s; "
        f"{len(point.problems)} problems; CPU seconds each: {cpu}"
    )


@contextmanager
def without_emulator(system: System) -> Iterator[tuple[System, Processes]]:
    """The same functions in a process of their own."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.load.without_emulator", str(port)]
    with (LOGS / "without_emulator.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: _answers(system, url), bool)
        stack = {**system.stack, "agent_url": url, "aws_endpoint_url": url}
        yield System(stack, system.http), Processes(process.pid)
    finally:
        process.kill()
        process.wait()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    options.add_argument("--picture", type=Path, help="write the series as SVG")
    asked = options.parse_args()
    if read_settings().uses_auth0:
        sys.exit(".env names a real Auth0 tenant: this would send pushes to real people.")
    with httpx.Client(timeout=120, trust_env=False) as http:
        system = System(json.loads(STACK.read_text()), http)
        print(f"{STACK_NAME}:")
        found = {STACK_NAME: list(series(system, Processes(), asked.counts))}
        print(f"{ALONE_NAME}:")
        with without_emulator(system) as (alone, processes):
            found[ALONE_NAME] = list(series(alone, processes, asked.counts))
    if asked.picture:
        asked.picture.write_text(scale_picture.svg(found))
    return 1 if any(point.problems for points in found.values() for point in points) else 0


def _answers(system: System, url: str) -> bool:
    try:
        return system.http.get(f"{url}/.well-known/agent-card.json").is_success
    except httpx.ConnectError:
        return False


def _pid(service: str) -> int:
    record = read_record(service)
    assert record is not None, f"{service} does not run"
    return int(record["pid"])


if __name__ == "__main__":
    sys.exit(main())
