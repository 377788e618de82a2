"""Webhooks of several callers by the real FanOut and Deliver, with their real limits and schedules, on simulated time.

What is simulated is the stream, the queue, the workers, the table's latency and the receivers; simulated_aws holds the
queue and the latency.
"""

from __future__ import annotations

import json
import logging
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Final

from a2a.types import StreamResponse, TaskStatusUpdateEvent
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from notifier.deliver import Deliver
from notifier.delivery_limits import LEASE_SECONDS, DeliveryLimits
from notifier.delivery_queue import DeliveryQueue
from notifier.fan_out import FanOut
from notifier.http.webhook_transport import REQUEST_SECONDS, Headers
from notifier.message_handler import MessageHandler
from notifier.notification_payloads import NotificationPayloads
from staff0.caller_registry import RegisteredCaller
from staff0.errors import WebhookFailed
from staff0.metrics import Metric
from staff0.observability import logger
from staff0.tasks import (
    DeliverySlots,
    Event,
    EventLog,
    PushConfig,
    PushConfigStore,
    ReceiverStore,
    StoredTask,
    TaskReader,
    TaskState,
)
from staff0.tasks.dynamodb_items import Items

from tests.load.simulated_aws import SimulatedQueue, SlowClient
from tests.support import template_figures
from tests.support.memory_table import MemoryTable
from tests.support.sample_tasks import submitted
from tests.support.sample_webhooks import stream_record
from tests.support.simulated_time import START, SimulatedTime

# Assumptions about AWS and about a receiver that is well.
TABLE_SECONDS: Final = 0.005
QUEUE_SECONDS: Final = 0.010
INVOCATION_SECONDS: Final = 0.010
STREAM_SECONDS: Final = 0.150
ANSWER_SECONDS: Final = 0.150
RECORDS: Final = 25  # BatchSize of the stream's trigger

type Answer = Callable[[], None]
"""What a receiver does with a request: returns after a 2xx, or raises WebhookFailed."""


@dataclass
class Outcome:
    """`delays` are the seconds from a change to its notification, by caller; `busy` are samples of busy workers."""

    delays: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    counted: Counter[Metric] = field(default_factory=Counter)
    busy: list[tuple[float, int]] = field(default_factory=list)


class DeliveryStack:
    """`is_limited` is False for Deliver without limits."""

    def __init__(self, *, is_limited: bool = True) -> None:
        self.time, self.outcome = SimulatedTime(), Outcome()
        self.hosts: dict[str, Answer] = {}
        self._table, self._items = MemoryTable(), Items("tasks", 30)
        self._stream: deque[Any] = deque()
        self._written: dict[tuple[str, int], tuple[str, float]] = {}
        self._workers = template_figures.template()["Resources"]["Deliveries"]["Properties"]["ScalingConfig"]
        self._queue = SimulatedQueue(self.time, self._workers["MaximumConcurrency"], self._handle)
        self._is_limited, self._reads_stream = is_limited, False

    def silent(self) -> None:
        self.time.sleep(REQUEST_SECONDS)
        raise WebhookFailed("no response: TimeoutError")

    def well(self) -> None:
        self.time.sleep(ANSWER_SECONDS)

    def register(self, caller: str, task_id: str, urls: list[str]) -> None:
        """A task of this caller with webhooks."""
        stored = StoredTask(caller, submitted(task_id), 1, None)
        self._table.put_item(Item=self._items.task(stored))
        for number, url in enumerate(urls):
            config = PushConfig(task_id, f"c{number}", caller, url)
            self._table.put_item(Item=self._items.push_config(config, START))

    def change(self, caller: str, task_id: str, sequence: int, at: float) -> None:
        """Writes an event of the task at this time."""
        self.time.call_at(at, lambda: self._write(caller, task_id, sequence))

    def run(self, until: float) -> Outcome:
        with _quiet():
            for at in range(int(until)):
                self.time.call_at(at, lambda: self.outcome.busy.append((self.time.now, self._queue.busy)))
            self.time.run(until)
        return self.outcome

    def post(self, url: str, headers: Headers, content: bytes) -> None:
        assert headers["User-Agent"]
        self.hosts[url.split("/")[2]]()
        sequence = _sequence(content)
        if sequence is not None:
            caller, written_at = self._written[url.split("/")[3], sequence]
            delays = self.outcome.delays.setdefault(caller, [])
            delays.append((written_at, self.time.now - written_at))

    def _write(self, caller: str, task_id: str, sequence: int) -> None:
        update = StreamResponse(status_update=TaskStatusUpdateEvent(task_id=task_id))
        update.status_update.metadata["sequence"] = sequence
        event = Event(sequence, TaskState.WORKING, self.time.clock(), [update])
        self._table.put_item(Item=self._items.event(caller, task_id, event))
        self._written[task_id, sequence] = caller, self.time.now
        self._stream.append(stream_record(f"TASK#{task_id}", f"EVENT#{sequence:08d}", number=str(len(self._written))))
        if not self._reads_stream:
            self._reads_stream = True
            self.time.start(self._read_stream)

    def _read_stream(self) -> None:
        """One invocation after the other, as Lambda reads a shard."""
        fan_out = FanOut(PushConfigStore(self._slow_table, "tasks", self.time.clock), self._deliveries, self._count)
        while self._stream:
            self.time.sleep(STREAM_SECONDS)
            batch = [self._stream.popleft() for _ in range(min(RECORDS, len(self._stream)))]
            assert fan_out.run(batch) == {"batchItemFailures": []}
        self._reads_stream = False

    def _handle(self, record: SQSRecord) -> None:
        self.time.sleep(INVOCATION_SECONDS)
        table, clock = self._slow_table, self.time.clock
        receivers = ReceiverStore(table, "tasks", clock)
        limits: Any = _NoLimits()
        if self._is_limited:
            slots = DeliverySlots(table, "tasks", clock, LEASE_SECONDS)
            limits = DeliveryLimits(slots, receivers, clock, self.time.monotonic)
        payloads = NotificationPayloads(EventLog(table, "tasks", clock), TaskReader(table, "tasks", clock))
        configs, kms = PushConfigStore(table, "tasks", clock), _NoKms()
        deliver = Deliver(configs, receivers, payloads, kms, kms, self, limits, _EveryCaller(), self.time.monotonic)
        MessageHandler(deliver.run, self._deliveries, self._undelivered, self._count, lambda: 0.5).handle(record)

    def _count(self, metric: Metric) -> None:
        self.outcome.counted[metric] += 1

    @property
    def _slow_table(self) -> Any:
        return SlowClient(self._table, self.time, TABLE_SECONDS)

    @property
    def _deliveries(self) -> DeliveryQueue:
        slow: Any = SlowClient(self._queue, self.time, QUEUE_SECONDS)
        return DeliveryQueue(slow, "deliveries")

    @property
    def _undelivered(self) -> DeliveryQueue:
        slow: Any = SlowClient(self._queue, self.time, QUEUE_SECONDS)
        return DeliveryQueue(slow, "undelivered")


class _EveryCaller:
    """A registry in which each client is registered."""

    def find(self, client_id: str) -> RegisteredCaller:
        return RegisteredCaller(client_id, client_id, is_enabled=True, own_quotas={})


class _NoLimits:
    @contextmanager
    def permission(self, _config: PushConfig) -> Iterator[AbstractContextManager[None]]:
        yield nullcontext()


class _NoKms:
    """No webhook here has credentials, and no request is signed."""

    def headers(self, *_: object) -> Headers:
        return {}

    def encrypt(self, *_: object) -> bytes:
        raise AssertionError("a webhook with credentials")

    def decrypt(self, *_: object) -> Any:
        raise AssertionError("a webhook with credentials")


def _sequence(content: bytes) -> int | None:
    """The sequence of a notification; None for the outline that a new receiver gets first."""
    update = json.loads(content).get("statusUpdate")
    return int(update["metadata"]["sequence"]) if update else None


@contextmanager
def _quiet() -> Iterator[None]:
    level = logger.log_level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)
