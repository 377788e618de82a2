"""The doors: each function made from its environment alone, on a table, a key and a queue of moto."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from notifier import deliver, fan_out, wiring
from staff0.clock import utc_now
from staff0.errors import SettingsError
from staff0.tasks import PushConfig, TaskStore

from tests.support.clock import FakeClock
from tests.support.misbehaving_receiver import receiving, status
from tests.support.sample_tasks import OWNER
from tests.support.webhook_assertions import TASK, created, written

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from notifier.deliver import QueueEvent

ROOT = Path(__file__).parents[3]


@pytest.fixture
def queue(aws: None, session: boto3.Session) -> SQSClient:
    client = session.client("sqs")
    client.create_queue(QueueName="deliveries")
    return client


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, queue: SQSClient, approval_key: str, tasks_table: str) -> None:
    values = {
        "TASKS_TABLE": tasks_table,
        "WEBHOOK_KEY_ID": approval_key,
        "LOOPBACK_WEBHOOKS": "true",
        "DELIVERIES_QUEUE_URL": queue.get_queue_url(QueueName="deliveries")["QueueUrl"],
        "POWERTOOLS_METRICS_NAMESPACE": "Staff0",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    parts = (wiring.configs, wiring.events, wiring.tasks, wiring.encryptor, wiring.queue)
    for made_once in (fan_out._fan_out, deliver._attempts, *parts):
        made_once.cache_clear()


@pytest.fixture
def store(store: TaskStore, clock: FakeClock) -> TaskStore:
    """Today, since the handlers go by the real clock."""
    clock.now = utc_now()
    return store


def received(queue: SQSClient) -> QueueEvent:
    """What Lambda's poller hands out."""
    url = queue.get_queue_url(QueueName="deliveries")["QueueUrl"]
    messages = queue.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"]).get("Messages", [])
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": {"ApproximateReceiveCount": message["Attributes"]["ApproximateReceiveCount"]},
            }
            for message in messages
        ]
    }


def metrics(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]


def test_a_write_reaches_the_receiver(
    store: TaskStore, dynamodb: DynamoDBClient, queue: SQSClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with receiving(status("204 No Content")) as receiver:
        url = f"http://127.0.0.1:{receiver.port}/hook"
        created(store, config=PushConfig(TASK, "c1", OWNER, url))
        fan_out.handler({"Records": written(dynamodb, "EVENT#")}, None)
        assert deliver.handler(received(queue), None) == {"batchItemFailures": []}
    assert len(receiver.requests) == 1
    [counted] = metrics(capsys.readouterr().out)
    assert counted["WebhookDelivered"] == [1.0]


def test_a_message_that_failed_stays_in_the_queue(
    store: TaskStore, dynamodb: DynamoDBClient, queue: SQSClient, capsys: pytest.CaptureFixture[str]
) -> None:
    created(store, config=PushConfig(TASK, "c1", OWNER, "https://10.0.0.1/"))
    fan_out.handler({"Records": written(dynamodb, "EVENT#")}, None)
    event = received(queue)
    [message] = event["Records"]
    assert deliver.handler(event, None) == {"batchItemFailures": [{"itemIdentifier": message["messageId"]}]}
    assert received(queue)["Records"] == []  # not yet
    [counted] = metrics(capsys.readouterr().out)
    assert counted["WebhookFailed"] == [1.0]
    [directive] = counted["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Staff0", [["service"]])


def test_the_last_attempt_leaves_the_message_to_be_moved_at_once(
    store: TaskStore, dynamodb: DynamoDBClient, queue: SQSClient, capsys: pytest.CaptureFixture[str]
) -> None:
    created(store, config=PushConfig(TASK, "c1", OWNER, "https://10.0.0.1/"))
    fan_out.handler({"Records": written(dynamodb, "EVENT#")}, None)
    event = received(queue)
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = "8"
    deliver.handler(event, None)
    assert len(received(queue)["Records"]) == 1
    assert [m for line in metrics(capsys.readouterr().out) for m in line if m.startswith("Webhook")] == [
        "WebhookFailed",
        "WebhookUndeliverable",
    ]


@pytest.mark.parametrize(("function", "event"), [(fan_out, "fan-out"), (deliver, "deliver")])
def test_the_sample_of_an_unknown_task_does_nothing(queue: SQSClient, function: Any, event: str) -> None:
    sample = json.loads((ROOT / "events" / f"{event}.json").read_text())
    assert function.handler(sample, None) in (None, {"batchItemFailures": []})
    assert received(queue)["Records"] == []


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DELIVERIES_QUEUE_URL")
    with pytest.raises(SettingsError, match="DELIVERIES_QUEUE_URL"):
        fan_out.handler({"Records": []}, None)


@pytest.mark.parametrize("verb", ["fan_out", "deliver"])
def test_a_cold_start_needs_no_web_framework_and_loads_no_0_3(verb: str) -> None:
    absent = ["fastapi", "starlette", "mangum"]  # as in the deployed function; a2a-sdk loads starlette if it is there
    paths = [str(ROOT / "layers" / "shared"), str(ROOT / "functions" / "notifier")]
    program = (
        f"import json, sys; sys.path[:0] = {paths!r}; sys.modules.update(dict.fromkeys({absent!r}))\n"
        f"import notifier.{verb}; print(json.dumps([name for name in sys.modules if sys.modules[name]]))"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert not {"a2a.server", "a2a.compat.v0_3.conversions", "httpx", *absent} & set(json.loads(output))
