"""Batches with failing records: what is reported to Lambda, and which keys the log lines have."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError
from notifier import deliver
from notifier.delivery_queue import Delivery
from notifier.fan_out import FanOut
from notifier.message_handler import MessageHandler
from staff0.errors import BadEvent, WebhookFailed
from staff0.metrics import Metric
from staff0.tasks import PushConfig

from tests.support.fake_queue import FakeSqs
from tests.support.sample_tasks import OWNER
from tests.support.sample_webhooks import stream_record

if TYPE_CHECKING:
    from collections.abc import Iterable

type Line = dict[str, Any]

OUTAGE = EndpointConnectionError(endpoint_url="https://kms.example")


def lines(logged: io.StringIO) -> list[Line]:
    return [json.loads(line) for line in logged.getvalue().splitlines()]


def message(name: str, task_id: str = "t1", **changes: Any) -> dict[str, Any]:
    body = json.dumps({"task_id": task_id, "config_id": "c1", "sequence": 1})
    attributes = {"ApproximateReceiveCount": "1"}
    return {"messageId": name, "receiptHandle": name, "body": body, "attributes": attributes} | changes


def failures(sqs: FakeSqs, errors: dict[str, Exception], messages: Iterable[object]) -> list[object]:
    """The reported ids, if the deliveries of these tasks fail with these errors."""

    def send(delivery: Delivery) -> bool:
        if delivery.task_id in errors:
            raise errors[delivery.task_id]
        return True

    handler = MessageHandler(send, sqs.queue(), sqs.undelivered_queue(), lambda _: None, lambda: 0.0)
    response = deliver.process_messages({"Records": list(messages)}, lambda: handler)
    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


def test_only_messages_that_must_stay_are_reported(sqs: FakeSqs) -> None:
    errors: dict[str, Exception] = {"t2": WebhookFailed("the receiver answered 503"), "t3": OUTAGE}
    batch = [message("m1"), message("m2", "t2"), message("m3", body="{}"), message("m4", "t3"), message("m5")]
    assert failures(sqs, errors, [*batch, {"messageId": "m6"}]) == ["m4", "m6"]
    assert queued_tasks(sqs) == ["t2"]  # its next attempt
    assert sqs.undelivered == ["{}"]


def test_batch_of_failed_messages_is_reported_and_not_raised(sqs: FakeSqs) -> None:
    assert failures(sqs, {"t1": OUTAGE}, [message("m1"), message("m2")]) == ["m1", "m2"]


def test_log_lines_have_task_id_of_their_message(sqs: FakeSqs, logged: io.StringIO) -> None:
    errors: dict[str, Exception] = {"t2": WebhookFailed("the receiver answered 503"), "t3": OUTAGE}
    failures(sqs, errors, [message("m1"), message("m2", "t2"), message("m3", "t3"), message("m4", body="{}")])
    assert [(line["message"], line.get("task_id")) for line in lines(logged)] == [
        ("delivered", "t1"),
        ("delivery failed", "t2"),
        ("the record failed", "t3"),
        ("the message is not a delivery", None),
    ]
    assert not {"config_id", "attempt"} & lines(logged)[-1].keys()


def test_unexpected_error_is_logged_with_its_class(sqs: FakeSqs, logged: io.StringIO) -> None:
    failures(sqs, {"t1": OUTAGE}, [message("m1", attributes={"ApproximateReceiveCount": "1", "canary": "canary"})])
    [line] = lines(logged)
    assert (line["level"], line["exception_name"]) == ("ERROR", "EndpointConnectionError")
    assert "canary" not in logged.getvalue()


def test_messages_without_list_are_bad_event(sqs: FakeSqs) -> None:
    with pytest.raises(BadEvent):
        deliver.process_messages({"Records": {}}, lambda: pytest.fail("no handler is needed"))


@dataclass
class FailingConfigs:
    """One webhook for each task; reading those of some tasks fails."""

    failing: set[str] = field(default_factory=set)
    error: Exception = OUTAGE

    def list_for_task(self, task_id: str) -> list[PushConfig]:
        if task_id in self.failing:
            raise self.error
        return [PushConfig(task_id, "c1", OWNER, "https://hooks.example/a")]


def fan_out(sqs: FakeSqs, *failing: str) -> FanOut:
    configs: Any = FailingConfigs(set(failing))
    return FanOut(configs, sqs.queue())


RECORDS = [stream_record(f"TASK#t{number}", "EVENT#00000001", number=f"10{number}") for number in (1, 2, 3)]


def queued_tasks(sqs: FakeSqs) -> list[str]:
    return [json.loads(body)["task_id"] for body in sqs.bodies]


def test_stream_is_repeated_from_failed_record_on(sqs: FakeSqs) -> None:
    assert fan_out(sqs, "t2").run(RECORDS) == {"batchItemFailures": [{"itemIdentifier": "102"}]}
    assert queued_tasks(sqs) == ["t1"]


def test_batch_of_failed_records_is_reported_and_not_raised(sqs: FakeSqs) -> None:
    response = fan_out(sqs, "t1", "t2", "t3").run(RECORDS)
    assert response["batchItemFailures"][0] == {"itemIdentifier": "101"}
    assert sqs.bodies == []


def test_record_that_no_attempt_can_handle_is_set_aside(sqs: FakeSqs, logged: io.StringIO) -> None:
    configs: Any = FailingConfigs({"t2"}, KeyError("canary"))
    counted: list[Metric] = []
    assert FanOut(configs, sqs.queue(), counted.append).run(RECORDS) == {"batchItemFailures": []}
    assert queued_tasks(sqs) == ["t1", "t3"]
    assert counted == [Metric.WEBHOOK_SET_ASIDE]
    [line] = lines(logged)
    assert (line["level"], line["task_id"], line["error"]) == ("ERROR", "t2", "KeyError")


def test_log_lines_have_task_id_of_their_stream_record(sqs: FakeSqs, logged: io.StringIO) -> None:
    fan_out(sqs, "t1", "t3").run([RECORDS[0], {"eventName": "INSERT"}, RECORDS[1], RECORDS[2]])
    assert [(line["message"], line.get("task_id")) for line in lines(logged)] == [
        ("the record failed", "t1"),
        ("a stream record of unknown shape is skipped", None),
        ("the record failed", "t3"),
    ]
