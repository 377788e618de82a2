"""A stream starts with the task, sends every update in order and can be resumed without a gap."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import httpx
import pytest
from a2a.types import Artifact, Part, Task
from botocore.exceptions import EndpointConnectionError
from hr_agent.methods.event_stream import StreamPosition
from hr_agent.protocol.request_handler import StatelessRequestHandler
from staff0.tasks import EventLog, StoredTask, TaskState
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from tests.support.a2a_test_client import Agent, ProtocolError
from tests.support.clock import FakeClock
from tests.support.fake_sleep import FakeSleep

type Advance = Callable[..., StoredTask]
WORKING, AUTH_REQUIRED, COMPLETED = TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.COMPLETED
SUBMITTED, INPUT_REQUIRED = TaskState.SUBMITTED, TaskState.INPUT_REQUIRED


def add_artifact(task: Task) -> None:
    task.artifacts.append(Artifact(artifact_id="result", parts=[Part(text="Yes.")]))


def kinds(events: list[Any]) -> list[str]:
    """One word for each event: its state, or `artifact`."""
    return [
        "artifact"
        if "artifactUpdate" in event
        else next(iter(event[key] for key in ("task", "statusUpdate") if key in event))["status"]["state"].removeprefix(
            "TASK_STATE_"
        )
        for event in events
    ]


@pytest.fixture
def response_at_end(app: Starlette, http: httpx.AsyncClient) -> None:
    """Calls the application as Mangum does: the client gets the response when it ends."""
    transport = http._transport
    assert isinstance(transport, httpx.ASGITransport)

    async def with_event(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "aws.event": {}}, receive, send)

    transport.app = with_event


@pytest.fixture
def play_states(sleep: FakeSleep, advance: Advance) -> Callable[..., None]:
    """Runs the task through the given states, one tuple during each sleep of the stream."""

    def play(task_id: Callable[[], str], *steps: tuple[TaskState, ...]) -> None:
        remaining = iter(steps)

        def meanwhile() -> None:
            for state in next(remaining, ()):
                edit = add_artifact if state is COMPLETED else (lambda _: None)
                advance(task_id(), state, edit=edit)

        sleep.meanwhile = meanwhile

    return play


async def test_stream_has_every_update(agent: Agent, play_states: Callable[..., None]) -> None:
    play_states(lambda: "id-1", (), (WORKING, AUTH_REQUIRED), (), (WORKING,), (COMPLETED,))
    events = await agent.stream()
    assert kinds(events) == ["SUBMITTED", "WORKING", "AUTH_REQUIRED", "WORKING", "artifact", "COMPLETED"]
    assert events[0]["task"]["id"] == events[1]["statusUpdate"]["taskId"] == "id-1"
    assert [event["id"] for event in events] == ["id-1/1", "id-1/2/0", "id-1/3/0", "id-1/4/0", "id-1/5/0", "id-1/5/1"]
    assert events[-1]["statusUpdate"]["metadata"]["sequence"] == 5


@pytest.mark.usefixtures("response_at_end")
async def test_lambda_window_ends_at_interruption(
    agent: Agent, play_states: Callable[..., None], sleep: FakeSleep
) -> None:
    play_states(lambda: "id-1", (), (WORKING,), (AUTH_REQUIRED,))
    assert kinds(await agent.stream()) == ["SUBMITTED", "WORKING", "AUTH_REQUIRED"]
    assert len(sleep.delays) == 3


@pytest.mark.usefixtures("response_at_end")
async def test_ten_empty_windows_lose_nothing(agent: Agent, play_states: Callable[..., None], sleep: FakeSleep) -> None:
    play_states(lambda: "id-1", (WORKING, AUTH_REQUIRED))
    await agent.stream()
    play_states(lambda: "id-1")
    for _ in range(10):
        sleep.delays.clear()
        assert kinds(await agent.subscribe("id-1")) == ["AUTH_REQUIRED"]
        assert 15 <= sum(sleep.delays) <= 25  # API Gateway times out after 30 s
        sleep.delays.clear()
        assert await agent.subscribe("id-1", "id-1/3/0") == []
        assert 15 <= sum(sleep.delays) <= 25  # also without a new event, so that the client does not ask all the time
    play_states(lambda: "id-1", (), (WORKING,), (COMPLETED,))
    assert kinds(await agent.subscribe("id-1")) == ["AUTH_REQUIRED", "WORKING", "artifact", "COMPLETED"]


async def test_resume_after_last_event_id(agent: Agent, advance: Advance, play_states: Callable[..., None]) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    last = f"{task['id']}/2/0"
    advance(task["id"], WORKING)
    play_states(lambda: task["id"], (), (COMPLETED,))
    events = await agent.subscribe(task["id"], last)
    assert kinds(events) == ["AUTH_REQUIRED", "WORKING", "artifact", "COMPLETED"]
    assert kinds(await agent.subscribe(task["id"], last)) == kinds(events)  # also after the task has ended
    assert kinds(await agent.subscribe(task["id"], f"{task['id']}/5/0")) == [
        "COMPLETED"
    ]  # between two events of one write
    with pytest.raises(ProtocolError, match="UNSUPPORTED_OPERATION"):
        await agent.subscribe(task["id"], events[-1]["id"])


async def test_first_event_has_missed_history(agent: Agent, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED, WORKING)
    [event, *_] = await agent.subscribe(task["id"])
    texts = [part["text"] for entry in event["task"]["history"] for part in entry["parts"]]
    assert texts[-2:] == ["WORKING", "AUTH_REQUIRED"]
    assert event["task"]["status"]["message"]["parts"][0]["text"] == "WORKING"
    assert event["task"]["metadata"]["sequence"] == 4


async def test_stream_stays_open_during_approval(
    agent: Agent, advance: Advance, play_states: Callable[..., None]
) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    play_states(lambda: task["id"], *[()] * 120, (WORKING,), (COMPLETED,))
    assert kinds(await agent.subscribe(task["id"])) == ["AUTH_REQUIRED", "WORKING", "artifact", "COMPLETED"]


async def test_stream_of_message_ends_at_input_required(agent: Agent, sleep: FakeSleep) -> None:
    """Its reader has to send the next message."""
    assert kinds(await agent.stream("Does John Doe work at Staff0?")) == ["INPUT_REQUIRED"]
    assert sleep.delays == []


async def test_subscription_goes_on_after_input_required(agent: Agent, play_states: Callable[..., None]) -> None:
    """A second reader missed how the task went on (A2A 3.1.6)."""
    task = await agent.send("Does John Doe work at Staff0?")
    play_states(lambda: task["id"], (), (), (SUBMITTED, WORKING), (AUTH_REQUIRED,), (WORKING,), (COMPLETED,))
    events = await agent.subscribe(task["id"])
    going_on = ["SUBMITTED", "WORKING", "AUTH_REQUIRED", "WORKING", "artifact", "COMPLETED"]
    assert kinds(events) == ["INPUT_REQUIRED", *going_on]
    assert kinds(await agent.subscribe(task["id"], events[0]["id"])) == going_on


@pytest.mark.usefixtures("response_at_end")
async def test_subscription_to_input_required_ends_with_window(
    agent: Agent, play_states: Callable[..., None], sleep: FakeSleep
) -> None:
    task = await agent.send("Does John Doe work at Staff0?")
    assert kinds(await agent.subscribe(task["id"])) == ["INPUT_REQUIRED"]
    assert 15 <= sum(sleep.delays) <= 25  # API Gateway gives up after 30 s
    play_states(lambda: task["id"], (), (SUBMITTED, INPUT_REQUIRED))
    sleep.delays.clear()
    assert kinds(await agent.subscribe(task["id"])) == ["INPUT_REQUIRED", "SUBMITTED", "INPUT_REQUIRED"]
    assert len(sleep.delays) == 2  # delivered as soon as the caller has to act


@pytest.mark.parametrize("method", ["tasks/resubscribe", "/v1/v1/tasks/{id}:subscribe"])
async def test_subscription_of_0_3_goes_on_after_input_required(
    agent: Agent, play_states: Callable[..., None], method: str
) -> None:
    task = await agent.send("Does John Doe work at Staff0?")
    play_states(lambda: task["id"], (), (SUBMITTED, WORKING), (AUTH_REQUIRED, WORKING, COMPLETED))
    headers = {**agent.headers, "A2A-Version": "0.3"}
    call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"id": task["id"]}}
    path = method.format(id=task["id"]) if method.startswith("/") else "/rpc"
    answer = await agent.http.post(path, json=call if path == "/rpc" else {}, headers=headers)
    assert answer.text.lower().count("status") >= 5
    assert "completed" in answer.text.lower()


async def test_subscribe_to_terminal_or_foreign_task_fails(agent: Agent, globex: Agent, advance: Advance) -> None:
    task = await agent.send()
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await globex.subscribe(task["id"])
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await globex.subscribe(task["id"], f"{task['id']}/1")
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await agent.subscribe("no-such-task")
    advance(task["id"], TaskState.FAILED)
    with pytest.raises(ProtocolError, match="UNSUPPORTED_OPERATION") as error:
        await agent.subscribe(task["id"])
    assert error.value.status in {200, 400}  # an error response, not an event of a stream


@pytest.mark.usefixtures("response_at_end")
@pytest.mark.parametrize(
    "event_id", ["junk", "id-1", "id-1/", "id-1/x", "id-1/99", "id-1/0/0", "id-1/1/1/1", "other/1", "id-1/" + "9" * 99]
)
async def test_unknown_event_id_starts_over(agent: Agent, advance: Advance, event_id: str) -> None:
    task = await agent.send("Does John Doe work at Staff0?")
    assert kinds(await agent.subscribe(task["id"], event_id)) == ["INPUT_REQUIRED"]


async def test_outage_during_stream_ends_it(agent: Agent, advance: Advance, monkeypatch: pytest.MonkeyPatch) -> None:
    task = await agent.send()
    advance(task["id"], WORKING)
    read, calls = EventLog.after, count()

    def fail_second_call(self: EventLog, task_id: str, sequence: int) -> object:
        if next(calls):
            raise EndpointConnectionError(endpoint_url="https://dynamodb.example")
        return read(self, task_id, sequence)

    monkeypatch.setattr(EventLog, "after", fail_second_call)
    assert kinds(await agent.subscribe(task["id"])) == ["WORKING"]


async def test_flowing_stream_sends_updates_at_once(
    handler: StatelessRequestHandler, advance: Advance, sleep: FakeSleep, agent: Agent, clock: FakeClock
) -> None:
    """The second update does not exist yet when the client gets the first."""
    task = await agent.send()
    stored = advance(task["id"])
    events = handler.streams.follow(stored, flows=True)
    assert (await anext(events)).status.state == TaskState.SUBMITTED  # type: ignore[union-attr]
    advance(task["id"], WORKING)
    assert (await anext(events)).status.state == WORKING  # type: ignore[union-attr]
    await events.aclose()


def test_stream_position_after_event_id(advance: Advance) -> None:
    stored = StoredTask("owner", Task(id="t"), 5, None)
    assert StreamPosition.after_event_id("t/3", stored) == StreamPosition(3)
    assert StreamPosition.after_event_id("t/3/1", stored) == StreamPosition(2, 2)
    assert StreamPosition.after_event_id("", stored) is None
