"""FanOut: from a write of a task to one delivery for each webhook that wants to hear of it."""

from dataclasses import dataclass
from functools import cache
from typing import TypedDict

from staff0.errors import BadEvent
from staff0.observability import logger
from staff0.settings import FanOutSettings, load_settings
from staff0.tasks import EventWritten, PushConfigStore, PushConfigWritten, read_stream_record

from notifier import wiring
from notifier.delivery_queue import Delivery, DeliveryQueue


class StreamEvent(TypedDict):
    """Lambda's event of a DynamoDB stream. A record may be of any shape: see `read_stream_record`."""

    Records: list[object]


@dataclass(frozen=True)
class FanOut:
    configs: PushConfigStore
    queue: DeliveryQueue

    def run(self, records: list[object]) -> None:
        """Raises QueueUnavailable when not all are queued: the stream then repeats its records (at least once)."""
        deliveries = [delivery for record in records for delivery in self._deliveries(record)]
        self.queue.put(dict.fromkeys(deliveries))

    def _deliveries(self, record: object) -> list[Delivery]:
        match read_stream_record(record):
            case EventWritten(task_id, sequence):
                return self._about_event(task_id, sequence)
            case PushConfigWritten(task_id, config_id):
                return self._about_registration(task_id, config_id)
        # Raising would have the stream repeat it until it is a day old, and everything behind it would wait.
        logger.error("a record of an unknown shape is passed over")
        return []

    def _about_event(self, task_id: str, sequence: int) -> list[Delivery]:
        configs = [config for config in self.configs.list_for_task(task_id) if config.since < sequence]
        return [Delivery(task_id=task_id, config_id=config.config_id, sequence=sequence) for config in configs]

    def _about_registration(self, task_id: str, config_id: str) -> list[Delivery]:
        """Whoever registers later is told how the task stands; one that came with the task hears of its first write."""
        config = self.configs.find(task_id, config_id)
        if config is None or config.since == 0:
            return []
        return [Delivery(task_id=task_id, config_id=config_id, sequence=None)]


@cache
def _fan_out() -> FanOut:
    settings = load_settings(FanOutSettings)
    return FanOut(wiring.configs(settings), wiring.queue(settings.deliveries_queue_url))


def handler(event: StreamEvent, _context: object) -> None:
    records = _records(event)
    _fan_out().run(records)


def _records(event: object) -> list[object]:
    match event:
        case {"Records": list(records)}:
            return records
    raise BadEvent("the event is none of a stream")
