"""Retries of a failed delivery for ten minutes, and what ends in the dead-letter queue."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import dataclass, field

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from botocore.exceptions import EndpointConnectionError
from notifier.delivery_queue import Delivery
from notifier.message_handler import MessageHandler
from staff0.errors import DeliveryHeldBack, WebhookFailed, WebhookRefused
from staff0.metrics import Metric
from staff0.tasks import push_config_reference

from tests.support.fake_queue import FakeSqs, QueuedMessage

DELIVERY = Delivery(task_id="t1", config_id="c1", sequence=3)


@dataclass
class Attempts:
    """Delivery attempts of which the first ones fail with these errors."""

    sqs: FakeSqs
    errors: list[Exception] = field(default_factory=list)
    random: float = 0.0
    sends: bool = True
    sent: int = 0
    counted: Counter[Metric] = field(default_factory=Counter)

    def deliver(self, delivery: Delivery) -> bool:
        assert (delivery.task_id, delivery.config_id, delivery.sequence) == ("t1", "c1", 3)
        if self.errors:
            raise self.errors.pop(0)
        self.sent += self.sends
        return self.sends

    def count(self, metric: Metric) -> None:
        self.counted[metric] += 1

    def handle(self, record: SQSRecord) -> bool:
        queues = self.sqs.queue(), self.sqs.undelivered_queue()
        try:
            MessageHandler(self.deliver, *queues, self.count, lambda: self.random).handle(record)
        except EndpointConnectionError:
            return False
        return True

    def run(self, delivery: Delivery = DELIVERY) -> list[float]:
        """Queues the delivery and polls until the queue is empty. Returns the seconds between the attempts."""
        self.sqs.queue().put({delivery: "caller"})
        waits: list[float] = []
        self.sqs.poll(self.handle)
        while self.sqs.waiting:
            waits.append(self.sqs.advance_to_next())
            self.sqs.poll(self.handle)
        return waits


@pytest.fixture
def attempts(sqs: FakeSqs) -> Attempts:
    return Attempts(sqs)


def test_success_needs_one_attempt(attempts: Attempts) -> None:
    assert attempts.run() == []
    assert attempts.sent == 1
    assert attempts.counted == {Metric.WEBHOOK_DELIVERED: 1}


def test_nothing_to_send_is_not_counted(attempts: Attempts) -> None:
    attempts.sends = False
    assert attempts.run() == []
    assert not attempts.counted


@pytest.mark.parametrize("error", [WebhookFailed("the receiver answered 503"), WebhookRefused("private address")])
def test_failed_delivery_is_retried(attempts: Attempts, error: Exception) -> None:
    attempts.errors, attempts.random = [error, error], 1.0
    assert attempts.run() == [5, 10]
    assert attempts.sent == 1
    assert attempts.counted == {Metric.WEBHOOK_FAILED: 2, Metric.WEBHOOK_DELIVERED: 1}


@pytest.mark.parametrize(("asked", "waited"), [(0, 5), (2, 5), (30, 30), (900, 900), (10**9, 900)])
def test_retry_after_of_receiver_is_obeyed_up_to_a_limit(attempts: Attempts, asked: int, waited: int) -> None:
    attempts.errors, attempts.random = [WebhookFailed("the receiver answered 503", retry_after_seconds=asked)], 1.0
    assert attempts.run() == [waited]


@pytest.mark.parametrize(("random", "share"), [(0.0, 0.5), (1.0, 1.0)])
def test_delivery_is_undeliverable_after_eight_attempts(attempts: Attempts, random: float, share: float) -> None:
    attempts.errors, attempts.random = [WebhookFailed("the receiver answered 503")] * 8, random
    waits = attempts.run()
    assert waits == pytest.approx([share * wait for wait in (5, 10, 20, 40, 80, 160, 320)], abs=0.5)
    assert attempts.sqs.undelivered == [DELIVERY.body]
    assert attempts.sent == 0
    assert attempts.counted == {Metric.WEBHOOK_FAILED: 8, Metric.WEBHOOK_UNDELIVERABLE: 1}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "\ud800",
        '{"DDBStreamBatchInfo": {}}',
        '{"task_id": "t1", "config_id": "c1"}',
        '{"task_id": "t1", "config_id": "c1", "sequence": "3"}',
        '{"task_id": "t1", "config_id": "c1", "sequence": 123456789}',
        '{"task_id": "t1", "config_id": "", "sequence": 3}',
        '{"task_id": "t1", "config_id": "c1", "sequence": 3, "attempts": -1}',
        '{"task_id": "t1", "config_id": "c1", "sequence": 3, "held_seconds": 1e9}',
        '{"task_id": "t1", "config_id": "c1", "sequence": 3.0}',
        '{"task_id": "t1", "config_id": "c1", "sequence": 3, "unknown": ' + "[" * 100_000,
        json.dumps({"task_id": "t1", "config_id": "c" * 1_025, "sequence": 3}),
        json.dumps({"task_id": "t" * 2_049, "config_id": "c1", "sequence": 3}),
    ],
    ids=lambda body: ascii(body)[:60],
)
def test_invalid_message_ends_in_dead_letter_queue(attempts: Attempts, sqs: FakeSqs, body: str) -> None:
    sqs.waiting.append(QueuedMessage("m1", body, sqs.clock()))
    assert sum(attempts.run()) == 0  # seconds
    assert sqs.undelivered == [body]
    # The valid delivery is the one that run() queues.
    assert attempts.counted == {Metric.WEBHOOK_DELIVERED: 1, Metric.WEBHOOK_SET_ASIDE: 1}


def test_delivery_that_no_attempt_can_handle_ends_in_dead_letter_queue_at_once(attempts: Attempts) -> None:
    attempts.errors = [KeyError("owner")]
    assert attempts.run() == []
    assert attempts.sqs.undelivered == [DELIVERY.body]
    assert attempts.counted == {Metric.WEBHOOK_SET_ASIDE: 1}


def test_delivery_waits_for_the_end_of_an_outage(attempts: Attempts) -> None:
    attempts.errors = [EndpointConnectionError(endpoint_url="https://kms.example")] * 2
    assert attempts.run() == [180, 180]  # the queue's visibility timeout
    assert attempts.counted == {Metric.WEBHOOK_DELIVERED: 1}


def held(seconds: float) -> DeliveryHeldBack:
    return DeliveryHeldBack("no free slot of its caller", seconds=seconds)


def test_delivery_that_is_held_back_waits_and_has_all_its_attempts(attempts: Attempts) -> None:
    """Otherwise a crowd of slow receivers would use up the attempts of a caller's good ones."""
    failed = WebhookFailed("the receiver answered 503")
    attempts.errors, attempts.random = [held(0.1), failed, *[held(29.5)] * 20, failed], 1.0
    assert attempts.run() == [1, 5, *[30] * 20, 10]
    assert attempts.sent == 1
    assert attempts.counted == {
        Metric.WEBHOOK_HELD_BACK: 21,
        Metric.WEBHOOK_FAILED: 2,
        Metric.WEBHOOK_DELIVERED: 1,
    }


def test_delivery_is_given_up_after_an_hour_of_waiting(attempts: Attempts) -> None:
    attempts.errors = [held(10_000)] * 100
    assert attempts.run() == [900] * 4  # the longest delay of SQS
    assert attempts.sqs.undelivered == [DELIVERY.body]
    assert attempts.counted == {Metric.WEBHOOK_HELD_BACK: 5, Metric.WEBHOOK_UNDELIVERABLE: 1}


def test_next_attempt_belongs_to_the_same_caller_in_the_queue(attempts: Attempts, sqs: FakeSqs) -> None:
    """SQS serves callers evenly by this (fair queues)."""
    attempts.errors = [held(1), WebhookFailed("the receiver answered 503")]
    sqs.queue().put({DELIVERY: "caller"})
    for _ in range(2):
        sqs.poll(attempts.handle)
        assert [message.group for message in sqs.waiting] == ["caller"]
        sqs.advance_to_next()


@pytest.mark.parametrize("received_before", [1, 6])
def test_message_of_older_version_keeps_its_attempts(attempts: Attempts, sqs: FakeSqs, received_before: int) -> None:
    """Older versions counted attempts by the receive count alone."""
    body = '{"task_id":"t1","config_id":"c1","sequence":3}'
    sqs.waiting.append(QueuedMessage("m1", body, sqs.clock(), received_before))
    attempts.errors = [WebhookFailed("the receiver answered 503")] * 8
    sqs.poll(attempts.handle)
    [again] = sqs.bodies
    assert json.loads(again)["attempts"] == received_before + 1


def test_message_for_first_attempt_is_one_that_older_versions_understand() -> None:
    assert json.loads(DELIVERY.body) == {"task_id": "t1", "config_id": "c1", "sequence": 3}


def test_log_has_task_webhook_attempt_and_error(attempts: Attempts, logged: io.StringIO) -> None:
    attempts.errors = [WebhookFailed("the receiver answered 503")]
    attempts.run()
    failed, delivered = (json.loads(line) for line in logged.getvalue().splitlines())
    ids = ("task_id", "config_id", "attempt")
    assert [failed[name] for name in ids] == ["t1", push_config_reference("t1", "c1"), 1]
    assert (failed["code"], failed["detail"]) == ("webhook_failed", "the receiver answered 503")
    assert [delivered[name] for name in ids] == ["t1", push_config_reference("t1", "c1"), 2]


@pytest.mark.parametrize("config_id", ["jdoe@staff0.com", "\U0010ffff\n", "x" * 128])
def test_log_has_no_text_of_caller(config_id: str) -> None:
    """A message that an older version has queued holds the caller's own id."""
    reference = Delivery(task_id="t1", config_id=config_id, sequence=1).reference
    assert reference == push_config_reference("t1", config_id)
    assert Delivery(task_id="t1", config_id=reference, sequence=1).reference == reference
