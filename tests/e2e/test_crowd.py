"""A small crowd at once: none lost, none doubled, everybody gets the answer about their own person."""

from __future__ import annotations

import asyncio

from tests.load.crowd import crowd
from tests.support.system import System

CROWD = 20


def test_a_crowd_at_once_is_answered_one_by_one(system: System) -> None:
    done = crowd(system, CROWD, silent=0)
    asyncio.run(done.run())
    assert list(done.problems()) == []
