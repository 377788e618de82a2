"""A delivery that fails is tried again for ten minutes, and then kept for an operator."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import dataclass, field

import pytest
from notifier.delivery_queue import Delivery
from notifier.message_handler import MessageHandler
from staff0.errors import Staff0Error, WebhookFailed, WebhookRefused
from staff0.metrics import Metric

from tests.support.fake_queue import FakeSqs, Waiting

DELIVERY = Delivery(task_id="t1", config_id="c1", sequence=3)


@dataclass
class Attempting:
    """Deliveries that first meet these errors."""

    sqs: FakeSqs
    errors: list[Staff0Error] = field(default_factory=list)
    random: float = 0.0
    sends: bool = True
    told: int = 0
    counted: Counter[Metric] = field(default_factory=Counter)

    def deliver(self, delivery: Delivery) -> bool:
        assert delivery == DELIVERY
        if self.errors:
            raise self.errors.pop(0)
        self.told += self.sends
        return self.sends

    def count(self, metric: Metric) -> None:
        self.counted[metric] += 1

    def until_done(self) -> list[float]:
        """Polls the queue until it is empty: the seconds between the attempts."""
        attempts = MessageHandler(self.deliver, self.sqs.queue(), self.count, lambda: self.random)
        self.sqs.queue().put([DELIVERY])
        waits: list[float] = []
        self.sqs.poll(attempts.make)
        while self.sqs.waiting:
            waits.append(self.sqs.advance_to_next())
            self.sqs.poll(attempts.make)
        return waits


@pytest.fixture
def attempting(sqs: FakeSqs) -> Attempting:
    return Attempting(sqs)


def test_what_was_told_is_not_told_again(attempting: Attempting) -> None:
    assert attempting.until_done() == []
    assert attempting.told == 1
    assert attempting.counted == {Metric.WEBHOOK_DELIVERED: 1}


def test_nothing_to_tell_is_done_and_not_counted(attempting: Attempting) -> None:
    attempting.sends = False
    assert attempting.until_done() == []
    assert not attempting.counted


@pytest.mark.parametrize("error", [WebhookFailed("the receiver answers 503"), WebhookRefused("inside")])
def test_what_failed_is_told_a_little_later(attempting: Attempting, error: Staff0Error) -> None:
    attempting.errors, attempting.random = [error, error], 1.0
    assert attempting.until_done() == [5, 10]
    assert attempting.told == 1
    assert attempting.counted == {Metric.WEBHOOK_FAILED: 2, Metric.WEBHOOK_DELIVERED: 1}


@pytest.mark.parametrize(("random", "share"), [(0.0, 0.5), (1.0, 1.0)])
def test_what_never_succeeds_is_kept_for_an_operator_after_eight_attempts(
    attempting: Attempting, random: float, share: float
) -> None:
    attempting.errors, attempting.random = [WebhookFailed("the receiver answers 503")] * 8, random
    waits = attempting.until_done()
    assert waits == pytest.approx([share * wait for wait in (5, 10, 20, 40, 80, 160, 320)], abs=0.5)
    assert attempting.sqs.undelivered == [DELIVERY.model_dump_json()]
    assert attempting.told == 0
    assert attempting.counted == {Metric.WEBHOOK_FAILED: 8, Metric.WEBHOOK_UNDELIVERABLE: 1}


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
def test_what_is_no_delivery_goes_to_the_operator(attempting: Attempting, sqs: FakeSqs, body: str) -> None:
    sqs.waiting.append(Waiting("m1", body, sqs.clock()))
    attempting.until_done()
    assert sqs.undelivered == [body]
    assert attempting.counted == {Metric.WEBHOOK_DELIVERED: 1}  # the one that until_done brings along


def test_a_log_tells_task_webhook_attempt_and_what_failed(attempting: Attempting, logged: io.StringIO) -> None:
    attempting.errors = [WebhookFailed("the receiver answers 503")]
    attempting.until_done()
    failed, done = (json.loads(line) for line in logged.getvalue().splitlines())
    ids = ("task_id", "config_id", "attempt")
    assert [failed[name] for name in ids] == ["t1", "c1", 1]
    assert (failed["code"], failed["detail"]) == ("webhook_failed", "the receiver answers 503")
    assert [done[name] for name in ids] == ["t1", "c1", 2]
