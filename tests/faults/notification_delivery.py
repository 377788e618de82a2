"""Runs the notifier's functions as the stream and the queue run them: at least once for each record and message."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from notifier.deliver import Deliver
from notifier.delivery_limits import LEASE_SECONDS, DeliveryLimits
from notifier.delivery_queue import DeliveryQueue
from notifier.fan_out import FanOut
from notifier.message_handler import MessageHandler
from notifier.notification_payloads import NotificationPayloads
from notifier.notification_signer import NotificationSigner
from staff0.encryption import KmsEncryptor
from staff0.signing import KmsRsaSigningKey
from staff0.tasks import DeliverySlots, EventLog, PushConfigStore, ReceiverStore, read_stream_record

from tests.faults.services import Receivers, RecordedClients
from tests.faults.side_effects import Crash, SideEffectRecorder
from tests.support.approval_workflow import ApprovalHarness
from tests.support.fake_queue import QUEUE_URL, UNDELIVERED_URL, FakeSqs


class NotificationDelivery:
    """FanOut and Deliver. `has_repeated_message` is True after the queue has repeated its message."""

    def __init__(
        self,
        workflow: ApprovalHarness,
        recorder: SideEffectRecorder,
        clients: RecordedClients,
        sqs: FakeSqs,
        receivers: Receivers,
    ) -> None:
        self._workflow, self._aws, self._clock = workflow, workflow.aws, workflow.clock
        self._recorder, self._sqs, self._receivers = recorder, sqs, receivers
        self._queue = DeliveryQueue(clients.sqs, QUEUE_URL)
        self._undelivered = DeliveryQueue(clients.sqs, UNDELIVERED_URL)
        self.has_repeated_message = False

    def run(self, task_id: str, *, repeats: bool) -> None:
        """Delivers the webhooks of the task. The stream sends each record once, the last first, and then again.

        Without `repeats` it sends each record once.
        """
        records = self._records(task_id)
        for record in [*reversed(records), *(records if repeats else [])]:
            self._at_least_once(partial(self._fan_out, [record]))
        while self._sqs.waiting:
            self._sqs.poll(self._deliver_at_least_once)
            if self._sqs.waiting:
                self._sqs.advance_to_next()

    def _records(self, task_id: str) -> list[object]:
        """The stream records of the task."""
        written = self._aws.dynamodb.query(
            TableName=self._aws.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"TASK#{task_id}"}},
        )["Items"]
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in written]
        records: list[object] = [{"eventName": "INSERT", "dynamodb": {"Keys": key}} for key in keys]
        return [record for record in records if read_stream_record(record)]  # the filter in template.yaml

    def _fan_out(self, records: list[object]) -> None:
        fan_out = FanOut(self._configs, self._queue)
        response = self._recorder.run("fan_out", lambda: fan_out.run(records))
        if response["batchItemFailures"]:
            raise RuntimeError("the stream repeats these records")

    @property
    def _configs(self) -> PushConfigStore:
        return PushConfigStore(self._aws.dynamodb, self._aws.table, self._clock)

    @property
    def _signer(self) -> NotificationSigner:
        """A new one for each delivery: the key is read once, and each run has to make the same calls."""
        return NotificationSigner(KmsRsaSigningKey(lambda: self._aws.kms, self._aws.webhook_signing_key), self._clock)

    @staticmethod
    def _at_least_once(work: Callable[[], None]) -> None:
        while True:
            try:
                return work()
            except (Exception, Crash):  # noqa: BLE001, S112 - the stream repeats its records after any error
                continue

    def _deliver_at_least_once(self, message: SQSRecord) -> bool:
        """The queue repeats the first message that is delivered."""
        was_delivered = self._deliver(message)
        if was_delivered and not self.has_repeated_message:
            self.has_repeated_message = True
            return self._deliver(message)
        return was_delivered

    def _deliver(self, message: SQSRecord) -> bool:
        receivers = ReceiverStore(self._aws.dynamodb, self._aws.table, self._clock)
        payloads = NotificationPayloads(
            EventLog(self._aws.dynamodb, self._aws.table, self._clock), self._workflow.store
        )
        slots = DeliverySlots(self._aws.dynamodb, self._aws.table, self._clock, LEASE_SECONDS)
        limits = DeliveryLimits(slots, receivers, self._clock, lambda: self._clock().timestamp())
        encryptor = KmsEncryptor(lambda: self._aws.kms, self._aws.webhook_key)
        deliver = Deliver(
            self._configs, receivers, payloads, encryptor, self._signer, self._receivers, limits, self._workflow.callers
        )
        handler = MessageHandler(deliver.run, self._queue, self._undelivered, lambda _: None, lambda: 0.5)
        try:
            self._recorder.run("deliver", lambda: handler.handle(message))
        except (Exception, Crash):  # noqa: BLE001 - the message stays in the queue after any error
            return False
        return True
