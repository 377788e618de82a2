"""Third-party clients follow a task by streams, and subscribe again when a stream ends before the task."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from local.emulator.options import WORKERS_PER_FUNCTION
from tests.interop.clients import CLIENTS, CLIENTS_0_3, AgentAccess
from tests.interop.scenarios import ScenarioResults, run_scenarios
from tests.interop.stream_scenario import StreamRecord, watch_task
from tests.interop.task_events import CHANGES, sentences, states
from tests.support.system import System, sentence_of

ALL_CLIENTS: Final = CLIENTS | CLIENTS_0_3
NAMES: Final = [name for name in ALL_CLIENTS if "old card" not in name]
EVERY_CLIENT: Final = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def stream_records(system: System, agent: AgentAccess) -> ScenarioResults[StreamRecord]:
    """Runs a few at a time, because each stream occupies one of the agent's few processes in the emulator."""
    processes = asyncio.Semaphore(WORKERS_PER_FUNCTION)

    async def run(name: str) -> StreamRecord:
        async with processes:
            return await watch_task(system, ALL_CLIENTS[name](agent))

    return run_scenarios(NAMES, run)


@EVERY_CLIENT
def test_states_arrive_in_order(stream_records: ScenarioResults[StreamRecord], name: str) -> None:
    """A client may miss changes between two streams, and a2a-handler prints only the end of a later stream."""
    seen, changes = states(stream_records[name].events), iter(CHANGES)
    assert all(state in changes for state in seen), seen
    assert {"auth-required", "completed"} <= set(seen)


@EVERY_CLIENT
def test_answer_arrives_by_stream(stream_records: ScenarioResults[StreamRecord], name: str) -> None:
    assert stream_records[name].person.yes in sentences(stream_records[name].events)


@EVERY_CLIENT
def test_ended_task_has_no_stream_but_can_be_read(stream_records: ScenarioResults[StreamRecord], name: str) -> None:
    assert stream_records[name].error_of_late_subscribe == "UnsupportedOperationError"
    assert sentence_of(stream_records[name].answered) == stream_records[name].person.yes
