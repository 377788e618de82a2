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
from staff0.errors import BadEvent, WebhookFailed, WebhookRefused
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
        assert delivery == DELIVERY
        if self.errors:
            raise self.errors.pop(0)
        self.sent += self.sends
        return self.sends

    def count(self, metric: Metric) -> None:
        self.counted[metric] += 1

    def handle(self, record: SQSRecord) -> bool:
        try:
            MessageHandler(self.deliver, self.sqs.queue(), self.count, lambda: self.random).handle(record)
        except (BadEvent, WebhookFailed, WebhookRefused, KeyError, EndpointConnectionError):
            return False
        return True

    def run(self) -> list[float]:
        """Queues the delivery and polls until the queue is empty. Returns the seconds between the attempts."""
        self.sqs.queue().put([DELIVERY])
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
    assert attempts.sqs.undelivered == [DELIVERY.model_dump_json()]
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
    attempts.errors = [KeyError("owner")] * 8
    assert sum(attempts.run()) == 0
    assert attempts.sqs.undelivered == [DELIVERY.model_dump_json()]
    assert attempts.counted == {Metric.WEBHOOK_SET_ASIDE: 1}


def test_delivery_waits_for_the_end_of_an_outage(attempts: Attempts) -> None:
    attempts.errors = [EndpointConnectionError(endpoint_url="https://kms.example")] * 2
    assert attempts.run() == [180, 180]  # the queue's visibility timeout
    assert attempts.counted == {Metric.WEBHOOK_DELIVERED: 1}


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
