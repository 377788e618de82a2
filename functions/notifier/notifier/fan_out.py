"""FanOut: queues one delivery for each webhook of a task when the task is written."""

from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from staff0.metrics import Count, Metric, measure
from staff0.observability import log_invocation, logger
from staff0.setting_types import Url
from staff0.settings import TasksSettings, load_settings
from staff0.tasks import EventWritten, PushConfig, PushConfigStore, PushConfigWritten, read_stream_record

from notifier import wiring
from notifier.batch import record_context, records_of
from notifier.delivery_queue import Delivery, DeliveryQueue
from notifier.failures import is_temporary

type _Addressed = tuple[Delivery, str]
"""A delivery, and the reference of its caller."""


@dataclass(frozen=True)
class FanOut:
    configs: PushConfigStore
    queue: DeliveryQueue
    count: Count = measure

    def run(self, records: list[Any]) -> PartialItemFailureResponse:
        """Queues the deliveries of a batch of stream records, equal ones once.

        Sets aside a record or delivery that no attempt can handle: it is logged and counted, and the others go on.
        Reports a record that failed by an outage: the stream repeats the batch from there on
        (ReportBatchItemFailures). Raises QueueUnavailable if the queue fails: the stream repeats the whole batch.
        """
        processor = BatchProcessor(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
        with processor(records, self._deliveries):
            results = processor.process()
        # Records behind a failed one come again, so their deliveries are not queued yet.
        before_failure = takewhile(lambda result: result[0] == "success", results)
        queued = {delivery: caller for _, deliveries, _ in before_failure for delivery, caller in deliveries}
        for delivery in self.queue.put(queued):
            with record_context(task_id=delivery.task_id):
                self._set_aside("the queue refuses a delivery, which is set aside")
        return processor.response()

    def _deliveries(self, record: DynamoDBRecord) -> list[_Addressed]:
        change = read_stream_record(record.raw_event)
        if change is None:
            self._set_aside("a stream record of unknown shape is skipped")
            return []
        with record_context(task_id=change.task_id):
            try:
                return self._for_change(change)
            except Exception as error:  # the outermost level of a record: no error may stop the records behind it
                if is_temporary(error):
                    raise
                self._set_aside("a stream record cannot be handled and is set aside", type(error).__name__)
                return []

    def _set_aside(self, message: str, error: str | None = None) -> None:
        """Raising instead would make the stream repeat the record, and the records behind it would wait."""
        logger.error(message, extra={"error": error} if error else {})
        self.count(Metric.WEBHOOK_SET_ASIDE)

    def _for_change(self, change: EventWritten | PushConfigWritten) -> list[_Addressed]:
        match change:
            case EventWritten(task_id, sequence):
                return self._for_event(task_id, sequence)
            case PushConfigWritten(task_id, reference):
                return self._for_registration(task_id, reference)

    def _for_event(self, task_id: str, sequence: int) -> list[_Addressed]:
        configs = [config for config in self.configs.list_for_task(task_id) if config.since < sequence]
        return [_addressed(config, sequence) for config in configs]

    def _for_registration(self, task_id: str, reference: str) -> list[_Addressed]:
        """A webhook registered later gets the current task; one registered with the task gets its first write."""
        config = self.configs.find_by_reference(task_id, reference)
        if config is None or config.since == 0:
            return []
        return [_addressed(config, None)]


def _addressed(config: PushConfig, sequence: int | None) -> _Addressed:
    delivery = Delivery(task_id=config.task_id, config_id=config.reference, sequence=sequence)
    return delivery, config.owner_reference


class FanOutSettings(TasksSettings):
    deliveries_queue_url: Url


@cache
def _fan_out() -> FanOut:
    settings = load_settings(FanOutSettings)
    return FanOut(wiring.configs(settings), wiring.queue(settings.deliveries_queue_url))


@log_invocation
def handler(event: object, _context: object) -> PartialItemFailureResponse:
    records = records_of(event)
    return _fan_out().run(records)
