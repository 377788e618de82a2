"""This system beside what others would build: start, memory, delay of an answer, and what a crash costs.

python -m tests.load.peers [--only NAME ...] [--parts PART ...] [--pending 1 100 1000] [--tenant-ms 100]   (make peers)

Bounded, and on this machine only: all three speak to the stand-in identity provider of the running stack. Start that
with REQUESTED_EXPIRY_SECONDS=300 and TENANT_POLLS_PER_SECOND=1000, so that a thousand approvals can be pending.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import Final

import httpx

from local.cli.paths import STACK
from local.cli.settings import read_settings
from tests.load.peers import measurements
from tests.load.peers.contenders import Contender, LocalStack, PeerServer
from tests.load.peers.report import Found, table
from tests.load.slow_day import day
from tests.support.system import System

_PENDING: Final = [1, 100, 1_000]
_NAMES: Final = ["worker", "auth0-ai", "ours"]
_PARTS: Final = ["start", "answer", "crash", "memory"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pending", type=int, nargs="*", default=_PENDING)
    options.add_argument("--only", nargs="+", choices=_NAMES, default=_NAMES)
    options.add_argument("--parts", nargs="+", choices=_PARTS, default=_PARTS)
    options.add_argument("--tenant-ms", type=int, default=0, help="each token request takes so much longer")
    asked = options.parse_args()
    if read_settings().uses_auth0:
        sys.exit(".env names a real Auth0 tenant: this would send pushes to real people.")
    with httpx.Client(timeout=120, trust_env=False) as http:
        system = System(json.loads(STACK.read_text()), http)
        chosen = [one for one in contenders(system) if one.name in asked.only]
        with day(system, {"delay_ms": asked.tenant_ms} if asked.tenant_ms else None):
            found = [measure(system, one, asked.parts, asked.pending) for one in chosen]
    print(*table(found, asked.pending), sep="\n")


def contenders(system: System) -> list[Contender]:
    return [
        PeerServer(_NAMES[0], "blocking_worker", system),
        PeerServer(_NAMES[1], "auth0_ai_agent", system),
        LocalStack(_NAMES[2], system),
    ]


def measure(system: System, one: Contender, parts: list[str], counts: list[int]) -> Found:
    """Says what it does, since it takes minutes."""
    found = Found(one.name, one.dollars)
    if "start" in parts:
        _say(f"{one.name}: {measurements.STARTS} starts")
        found.starts = [one.start_seconds() for _ in range(measurements.STARTS)]
    if "answer" in parts:
        _say(f"{one.name}: {measurements.SAMPLES} approvals")
        found.delays = asyncio.run(measurements.answer_delays(system, one))
    if "crash" in parts:
        _say(f"{one.name}: a crash with {measurements.KILLED} pending approvals")
        found.killed = asyncio.run(measurements.killed(system, one))
    for count in counts if "memory" in parts else []:
        _say(f"{one.name}: {count} pending approvals")
        found.waiting[count] = asyncio.run(measurements.waiting(system, one, count))
    return found


def _say(text: str) -> None:
    print(f"{text} …", file=sys.stderr)


if __name__ == "__main__":
    main()
