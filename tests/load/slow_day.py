"""Shows that a slow or failing identity provider does not let response times tell who works here.

python -m tests.load.slow_day [--each 8]        on the running local stack; about two minutes for each kind of day

A distance is the rank sum of Mann and Whitney between people who stay silent and people of another kind, in standard
deviations: below 4.4 the two cannot be told apart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx

from local.cli.paths import STACK
from tests.support.response_times import FAR, KINDS, OTHERS, Measurements, distance, measure
from tests.support.system import PATIENCE_SECONDS, Caller, System

type Fault = dict[str, Any]

# What the token endpoint does to all polls of a day.
DAYS: Final[dict[str, Fault | None]] = {
    "quiet": None,
    "9 s for each answer": {"delay_ms": 9_000},
    "429": {"status": 429, "body": {"error": "too_many_requests"}, "headers": {"Retry-After": "7"}},
    "503": {"status": 503, "body": {"error": "temporarily_unavailable"}},
}
_EVERY_ANSWER: Final = 1_000_000


@contextmanager
def day(system: System, fault: Fault | None) -> Iterator[None]:
    faults = f"{system.stack['phone_url']}/api/faults"
    if fault:
        fault = {"path": "/oauth/token", "times": _EVERY_ANSWER, **fault}
        system.http.post(faults, json=fault).raise_for_status()
    try:
        yield
    finally:
        system.http.delete(faults).raise_for_status()


def report(name: str, seen: dict[str, Measurements]) -> bool:
    """Prints a line for each kind, and says whether none can be told from the silent ones."""
    silent, all_close = seen["silent"], True
    for kind in [*KINDS, *OTHERS[-1:]]:
        ends = seen[kind].until_ended
        far = [distance(silent.until_asked, seen[kind].until_asked), distance(silent.until_ended, ends)]
        all_close = all_close and max(far) < FAR and seen[kind].shapes == silent.shapes
        times = f"{min(ends):9.2f}{statistics.median(ends):9.2f}{max(ends):9.2f}"
        print(f"{name:22}{kind:14}{times}{far[0]:9.1f}{far[1]:7.1f}")
    return all_close


def main() -> int:
    """1 if some kind can be told from the silent ones on some day."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--each", type=int, default=8, help="people of each kind (default: 8)")
    each = parser.parse_args().each
    print(f"{'the token endpoint':22}{'person':14}{'ends min':>9}{'median':>9}{'max':>9}{'asked':>9}{'ended':>7}")
    with httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False) as http:
        system = System(json.loads(STACK.read_text()), http)
        caller: Caller = system.caller()  # with its token, which no fault of a day delays
        outcomes = []
        for name, fault in DAYS.items():
            with day(system, fault):
                outcomes.append(report(name, measure(system, caller, each)))
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
