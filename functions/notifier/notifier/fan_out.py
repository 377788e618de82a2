"""FanOut: each write of a task, and each new webhook, becomes one delivery for every webhook that has to hear of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, assert_never

import boto3
from staff0.observability import logger
from staff0.settings import FanOutSettings, load
from staff0.tasks import PushConfigStore, TaskWritten, WebhookWritten, read_change

from notifier import wiring
from notifier.deliveries import DeliveriesQueue, Delivery


@dataclass(frozen=True)
class FanOut:
    configs: PushConfigStore
    queue: DeliveriesQueue

    def run(self, keys: Iterable[Mapping[str, Any]]) -> None:
        """`keys` are those of the items written, in their order. Raises DeliveryNotQueued: then all come again."""
        self.queue.put([delivery for each in keys for delivery in self._deliveries(each)])

    def _deliveries(self, keys: Mapping[str, Any]) -> list[Delivery]:
        match read_change(keys):
            case TaskWritten(task_id, sequence):
                told = [config for config in self.configs.of_task(task_id) if config.since < sequence]
                return [{"task_id": task_id, "config_id": config.config_id, "sequence": sequence} for config in told]
            case WebhookWritten(task_id, config_id):
                return self._greeting(task_id, config_id)
            case None:
                logger.warning("a change of an unknown shape is passed over")  # raised, it would block all behind it
                return []
            case unreachable:
                assert_never(unreachable)

    def _greeting(self, task_id: str, config_id: str) -> list[Delivery]:
        """A webhook that came later than its task hears how the task stands, so that it has missed nothing."""
        config = self.configs.find(task_id, config_id)
        if config is None or config.since == 0:
            return []
        return [{"task_id": task_id, "config_id": config_id, "sequence": None}]


@cache
def _fan_out() -> FanOut:
    settings = load(FanOutSettings)
    return FanOut(wiring.push_configs(settings), DeliveriesQueue(boto3.client("sqs"), settings.deliveries_queue_url))


def handler(event: dict[str, Any], _context: object) -> None:
    """`event` is a batch of the table's stream, which is set to hold keys only."""
    _fan_out().run(record["dynamodb"]["Keys"] for record in event["Records"])
