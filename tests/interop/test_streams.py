"""Clients that others wrote watch their task, subscribing again whenever a stream ends before the task does."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from local.emulator.options import WORKERS_PER_FUNCTION
from tests.interop.clients import CLIENTS, CLIENTS_0_3, Place
from tests.interop.scenarios import Stories, told
from tests.interop.update_assertions import CHANGES, sentences, states
from tests.interop.watching import Watched, watch
from tests.support.system import System, sentence_of

MAKERS: Final = CLIENTS | CLIENTS_0_3
NAMES: Final = [name for name in MAKERS if "old card" not in name]
EVERY_CLIENT: Final = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def watched(system: System, agent: Place) -> Stories[Watched]:
    """A few at a time: each stream keeps one of the agent's processes, of which a laptop has only so many."""
    processes = asyncio.Semaphore(WORKERS_PER_FUNCTION)

    async def tell(name: str) -> Watched:
        async with processes:
            return await watch(system, MAKERS[name](agent))

    return told(NAMES, tell)


@EVERY_CLIENT
def test_it_sees_the_changes_in_order(watched: Stories[Watched], name: str) -> None:
    """What changes between two streams it may miss, and a2a-handler tells of a later stream only how it ended."""
    seen, changes = states(watched[name].events), iter(CHANGES)
    assert all(state in changes for state in seen), seen
    assert {"auth-required", "completed"} <= set(seen)


@EVERY_CLIENT
def test_the_answer_comes_down_the_stream(watched: Stories[Watched], name: str) -> None:
    assert watched[name].person.yes in sentences(watched[name].events)


@EVERY_CLIENT
def test_an_ended_task_has_no_stream_but_can_be_read(watched: Stories[Watched], name: str) -> None:
    assert watched[name].subscribe_too_late == "UnsupportedOperationError"
    assert sentence_of(watched[name].answered) == watched[name].person.yes
