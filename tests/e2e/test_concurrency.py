"""Twenty verifications at once: none is lost or repeated, and each caller gets the right answer."""

from __future__ import annotations

import asyncio

from tests.load.crowd import crowd
from tests.support.system import System

CROWD = 20


def test_concurrent_verifications_are_all_answered(system: System) -> None:
    done = crowd(system, CROWD, silent=0)
    asyncio.run(done.run())
    assert list(done.problems()) == []
