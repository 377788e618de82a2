"""Both Lambda handlers, built from their environment variables, on a table, a key and a queue of moto."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from notifier import deliver, delivery_wiring, fan_out, wiring
from staff0.caller_registry import CallerRegistry, client_id_of
from staff0.clock import utc_now
from staff0.errors import SettingsError
from staff0.tasks import PushConfig, TaskStore

from tests.support.clock import FakeClock
from tests.support.fake_callers import known
from tests.support.lambda_context import FakeLambdaContext
from tests.support.misbehaving_receiver import respond_status, run_receiver
from tests.support.sample_tasks import OWNER
from tests.support.sample_webhooks import TASK, create_task, stream_records

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

ROOT = Path(__file__).parents[3]


@pytest.fixture
def queue(aws: None, session: boto3.Session) -> SQSClient:
    client = session.client("sqs")
    client.create_queue(QueueName="deliveries")
    client.create_queue(QueueName="undelivered")
    return client


@pytest.fixture(autouse=True)
def environment(  # noqa: PLR0917 - each a fixture
    monkeypatch: pytest.MonkeyPatch,
    queue: SQSClient,
    approval_key: str,
    tasks_table: str,
    callers_table: str,
    dynamodb: DynamoDBClient,
) -> None:
    CallerRegistry(lambda: dynamodb, callers_table).put(known(client_id_of(OWNER)))
    values = {
        "TASKS_TABLE": tasks_table,
        "CALLERS_TABLE": callers_table,
        "WEBHOOK_KEY_ID": approval_key,
        "WEBHOOK_SIGNING_KEY_ID": "unused",
        "LOOPBACK_WEBHOOKS": "true",
        "DELIVERIES_QUEUE_URL": queue.get_queue_url(QueueName="deliveries")["QueueUrl"],
        "UNDELIVERED_QUEUE_URL": queue.get_queue_url(QueueName="undelivered")["QueueUrl"],
        "POWERTOOLS_METRICS_NAMESPACE": "Staff0",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    parts = (
        wiring.configs,
        delivery_wiring.receivers,
        delivery_wiring.slots,
        delivery_wiring.events,
        delivery_wiring.tasks,
        delivery_wiring.encryptor,
        delivery_wiring.signer,
        delivery_wiring.callers,
        wiring.queue,
    )
    for cached in (fan_out._fan_out, deliver._message_handler, *parts):
        cached.cache_clear()


@pytest.fixture
def store(store: TaskStore, clock: FakeClock) -> TaskStore:
    """With the current time, since the handlers use the real clock."""
    clock.now = utc_now()
    return store


def received(queue: SQSClient, name: str = "deliveries") -> dict[str, Any]:
    """The event that Lambda makes of the visible messages."""
    url = queue.get_queue_url(QueueName=name)["QueueUrl"]
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


def test_write_reaches_receiver(
    store: TaskStore, dynamodb: DynamoDBClient, queue: SQSClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with run_receiver(respond_status("204 No Content")) as receiver:
        url = f"http://127.0.0.1:{receiver.port}/hook"
        create_task(store, config=PushConfig(TASK, "c1", OWNER, url), at=utc_now())
        fan_out.handler({"Records": stream_records(dynamodb, "EVENT#")}, FakeLambdaContext())
        assert deliver.handler(received(queue), FakeLambdaContext()) == {"batchItemFailures": []}
    assert len(receiver.requests) == 2  # ids and state, and then the whole task
    [counted] = metrics(capsys.readouterr().out)
    assert counted["WebhookDelivered"] == [1.0]


def test_failed_delivery_is_queued_again(
    store: TaskStore, dynamodb: DynamoDBClient, queue: SQSClient, capsys: pytest.CaptureFixture[str]
) -> None:
    create_task(store, config=PushConfig(TASK, "c1", OWNER, "https://10.0.0.1/"), at=utc_now())
    fan_out.handler({"Records": stream_records(dynamodb, "EVENT#")}, FakeLambdaContext())
    event = received(queue)
    assert deliver.handler(event, FakeLambdaContext()) == {"batchItemFailures": []}
    assert received(queue)["Records"] == []  # not yet
    [counted] = metrics(capsys.readouterr().out)
    assert counted["WebhookFailed"] == [1.0]
    [directive] = counted["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Staff0", [["service"]])


def test_delivery_is_undelivered_after_its_last_attempt(
    store: TaskStore, dynamodb: DynamoDBClient, queue: SQSClient, capsys: pytest.CaptureFixture[str]
) -> None:
    create_task(store, config=PushConfig(TASK, "c1", OWNER, "https://10.0.0.1/"), at=utc_now())
    fan_out.handler({"Records": stream_records(dynamodb, "EVENT#")}, FakeLambdaContext())
    event = received(queue)
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = "8"
    deliver.handler(event, FakeLambdaContext())
    assert len(received(queue, "undelivered")["Records"]) == 1
    assert [m for line in metrics(capsys.readouterr().out) for m in line if m.startswith("Webhook")] == [
        "WebhookFailed",
        "WebhookUndeliverable",
    ]


@pytest.mark.parametrize(("function", "event"), [(fan_out, "fan-out"), (deliver, "deliver")])
def test_sample_event_of_unknown_task_sends_nothing(queue: SQSClient, function: Any, event: str) -> None:
    sample = json.loads((ROOT / "events" / f"{event}.json").read_text())
    assert function.handler(sample, FakeLambdaContext()) == {"batchItemFailures": []}
    assert received(queue)["Records"] == []


def test_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DELIVERIES_QUEUE_URL")
    with pytest.raises(SettingsError, match="DELIVERIES_QUEUE_URL"):
        fan_out.handler({"Records": []}, FakeLambdaContext())


@pytest.mark.parametrize("module", ["fan_out", "deliver"])
def test_cold_start_loads_no_optional_package(module: str) -> None:
    # As in the deployed function: a2a-sdk loads starlette if it is installed.
    absent = ["fastapi", "starlette", "mangum"]
    # BatchProcessor loads the parser's models if pydantic is loaded before it.
    unwanted = {"pydantic", "aws_lambda_powertools.utilities.parser", "a2a.server", "a2a.compat.v0_3.conversions"}
    paths = [str(ROOT / "layers" / "shared"), str(ROOT / "functions" / "notifier")]
    program = (
        f"import json, sys; sys.path[:0] = {paths!r}; sys.modules.update(dict.fromkeys({absent!r}))\n"
        f"import notifier.{module}; print(json.dumps([name for name in sys.modules if sys.modules[name]]))"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert not (unwanted | {"httpx", *absent}) & set(json.loads(output))


@pytest.mark.parametrize(
    ("function", "records"),
    [(fan_out, [{"eventName": "INSERT"}]), (deliver, [{"messageId": "m1", "body": "{}"}])],
    ids=["fan_out", "deliver"],
)
def test_log_lines_have_request_id_of_invocation(function: Any, records: list[object], logged: io.StringIO) -> None:
    for request_id in ("request-1", "request-2"):
        function.handler({"Records": records}, FakeLambdaContext(aws_request_id=request_id))
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    # botocore may log too, where it finds credentials.
    assert list(dict.fromkeys(line["function_request_id"] for line in lines)) == ["request-1", "request-2"]
