"""Requests that a receiver gets, in the protocol version of its caller, and what is not sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from a2a.types import Message, Part
from staff0.caller_registry import client_id_of
from staff0.errors import WebhookFailed
from staff0.tasks import TaskState, with_user_message
from staff0.tasks.table_keys import push_config_key

from tests.support.clock import FakeClock
from tests.support.fake_callers import KnownCallers, known
from tests.support.sample_webhooks import CONFIG, TASK, complete_task, create_task, start_task
from tests.support.webhook_deliveries import Deliveries

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def test_first_write_sends_whole_task(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(1)
    assert post.url == CONFIG.url
    assert post.headers == {"User-Agent": "staff0-hr-agent", "Content-Type": "application/a2a+json"}
    assert TaskState(post.update.task.status.state) is TaskState.SUBMITTED
    assert '"contextId"' in post.content.decode()  # the name in ProtoJSON


def test_each_request_has_a_span_of_the_tasks_trace(completed_task: Deliveries) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    spans = [post.headers["traceparent"].split("-") for post in completed_task.posts_for(3, traceparent=trace)]
    assert [[version, trace_id, flags] for version, trace_id, _, flags in spans] == [["00", trace[3:35], "01"]] * 2
    assert len({span for _, _, span, _ in spans} | {"00f067aa0ba902b7"}) == 3


def test_malformed_trace_is_not_sent(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(1, traceparent="00-x\r\nX-Admin: 1")
    assert set(post.headers) == {"User-Agent", "Content-Type"}


def test_artifact_is_sent_before_final_status(completed_task: Deliveries) -> None:
    result, state = (post.update for post in completed_task.posts_for(3))
    assert result.artifact_update.artifact.artifact_id == "result"
    assert TaskState(state.status_update.status.state) is TaskState.COMPLETED
    assert [u.metadata["event_id"] for u in (result.artifact_update, state.status_update)] == ["t1/3/0", "t1/3/1"]


def test_later_registration_sends_current_task(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(None)
    assert TaskState(post.update.task.status.state) is TaskState.COMPLETED
    assert post.update.task.artifacts[0].artifact_id == "result"
    assert post.update.task.metadata["sequence"] == 3


def test_deleted_webhook_gets_nothing(completed_task: Deliveries) -> None:
    """A2A 3.1.10."""
    completed_task.configs.delete(TASK, "c1")
    assert completed_task.posts_for(3) == []
    assert completed_task.posts_for(None) == []


@pytest.mark.parametrize("is_registered", [True, False], ids=["switched off", "removed"])
def test_caller_that_is_switched_off_gets_nothing(
    completed_task: Deliveries, callers: KnownCallers, is_registered: bool
) -> None:
    client_id = client_id_of(CONFIG.owner)
    callers.callers = {client_id: known(client_id, is_enabled=False)} if is_registered else {}
    assert completed_task.attempt(3) is False
    assert completed_task.attempt(None) is False
    assert completed_task.transport.posts == []
    callers.callers = {client_id: known(client_id)}
    assert completed_task.attempt(3) is True


def test_registry_is_asked_before_each_delivery(completed_task: Deliveries, callers: KnownCallers) -> None:
    for _ in range(3):
        completed_task.attempt(1)
    assert callers.looked_up == ["acme"] * 3


def test_task_past_its_retention_sends_nothing(completed_task: Deliveries, clock: FakeClock) -> None:
    """DynamoDB deletes its items up to some days later."""
    clock.advance(31 * 86_400)
    assert completed_task.attempt(3) is False
    assert completed_task.attempt(None) is False
    assert completed_task.transport.posts == []


def test_deleted_task_sends_nothing(completed_task: Deliveries, dynamodb: DynamoDBClient) -> None:
    for item in dynamodb.scan(TableName="tasks")["Items"]:
        if not item["sk"]["S"].startswith("PUSH#"):
            dynamodb.delete_item(TableName="tasks", Key={"pk": item["pk"], "sk": item["sk"]})
    assert completed_task.posts_for(3) == []
    assert completed_task.posts_for(None) == []


def test_write_without_update_sends_nothing(deliveries: Deliveries) -> None:
    stored = create_task(deliveries.store, config=CONFIG)
    deliveries.store.commit(
        stored, with_user_message(stored.task, Message(message_id="m", parts=[Part(text="Any news?")]))
    )
    for protocol in ("1.0", "0.3"):
        assert deliveries.posts_for(2, protocol=protocol) == []


def test_v0_3_receiver_gets_v0_3_task(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(3, protocol="0.3")  # one request, although the write has two updates
    assert post.headers["Content-Type"] == "application/json"
    task = json.loads(post.content)
    assert (task["kind"], task["id"], task["status"]["state"]) == ("task", TASK, "completed")
    assert task["artifacts"][0]["parts"] == [{"kind": "text", "text": "Yes."}]
    assert task["contextId"] == "c1"
    assert task["metadata"]["sequence"] == 3


def test_v0_3_task_is_the_one_of_the_event(completed_task: Deliveries) -> None:
    tasks = [
        json.loads(post.content)
        for sequence in (1, 2, 3)
        for post in completed_task.posts_for(sequence, protocol="0.3")[-1:]
    ]
    seen = [(task["status"]["state"], "artifacts" in task, task["metadata"]["sequence"]) for task in tasks]
    assert seen == [("submitted", False, 1), ("working", False, 2), ("completed", True, 3)]


def test_failed_artifact_is_not_followed_by_status(completed_task: Deliveries, clock: FakeClock) -> None:
    completed_task.transport.accepts = 0
    with pytest.raises(WebhookFailed):
        completed_task.attempt(3)
    completed_task.transport.accepts = 100
    clock.advance(5)
    assert [post.update.WhichOneof("payload") for post in completed_task.posts_for(3)] == [
        "artifact_update",
        "status_update",
    ]


def test_delivery_to_slow_receiver_ends_before_the_function_does(deliveries: Deliveries) -> None:
    """Three requests of 9.9 s each would outlast the function: killed, not counted, and all sent again."""
    started = start_task(deliveries.store, create_task(deliveries.store, config=CONFIG))
    complete_task(deliveries.store, started, artifacts=("result", "statement"))
    deliveries.transport.seconds_per_request = 9.9
    with pytest.raises(WebhookFailed, match="time"):
        deliveries.attempt(3)
    assert len(deliveries.transport.posts) == 2


def test_task_of_another_owner_is_not_sent(completed_task: Deliveries, dynamodb: DynamoDBClient) -> None:
    """The webhook's item holds the owner, and a task is read by owner and id."""
    dynamodb.update_item(
        TableName="tasks",
        Key=push_config_key(TASK, CONFIG.reference),
        UpdateExpression="SET #owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": "another owner"}},
    )
    assert completed_task.posts_for(None) == []
