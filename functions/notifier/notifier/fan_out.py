"""FanOut: queues one delivery for each webhook of a task when the task is written."""

from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from staff0.observability import log_invocation, logger
from staff0.settings import FanOutSettings, load_settings
from staff0.tasks import EventWritten, PushConfigStore, PushConfigWritten, read_stream_record

from notifier import wiring
from notifier.batch import record_context, records_of
from notifier.delivery_queue import Delivery, DeliveryQueue


@dataclass(frozen=True)
class FanOut:
    configs: PushConfigStore
    queue: DeliveryQueue

    def run(self, records: list[Any]) -> PartialItemFailureResponse:
        """Queues the deliveries of a batch of stream records, equal ones once.

        Reports a record that failed: the stream repeats the batch from there on (ReportBatchItemFailures).
        Raises QueueUnavailable if the queue does not take all deliveries: the stream repeats the whole batch.
        """
        processor = BatchProcessor(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
        with processor(records, self._deliveries):
            results = processor.process()
        # Records behind a failed one come again, so their deliveries are not queued yet.
        before_failure = takewhile(lambda result: result[0] == "success", results)
        self.queue.put(dict.fromkeys(delivery for _, deliveries, _ in before_failure for delivery in deliveries))
        return processor.response()

    def _deliveries(self, record: DynamoDBRecord) -> list[Delivery]:
        change = read_stream_record(record.raw_event)
        if change is None:
            # Raising would make the stream repeat the record for hours, and the records behind it would wait.
            logger.error("a stream record of unknown shape is skipped")
            return []
        with record_context(task_id=change.task_id):
            match change:
                case EventWritten(task_id, sequence):
                    return self._for_event(task_id, sequence)
                case PushConfigWritten(task_id, reference):
                    return self._for_registration(task_id, reference)

    def _for_event(self, task_id: str, sequence: int) -> list[Delivery]:
        configs = [config for config in self.configs.list_for_task(task_id) if config.since < sequence]
        return [Delivery(task_id=task_id, config_id=config.reference, sequence=sequence) for config in configs]

    def _for_registration(self, task_id: str, reference: str) -> list[Delivery]:
        """A webhook registered later gets the current task; one registered with the task gets its first write."""
        config = self.configs.find_by_reference(task_id, reference)
        if config is None or config.since == 0:
            return []
        return [Delivery(task_id=task_id, config_id=config.reference, sequence=None)]


@cache
def _fan_out() -> FanOut:
    settings = load_settings(FanOutSettings)
    return FanOut(wiring.configs(settings), wiring.queue(settings.deliveries_queue_url))


@log_invocation
def handler(event: object, _context: object) -> PartialItemFailureResponse:
    records = records_of(event)
    return _fan_out().run(records)
