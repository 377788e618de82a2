"""Deliver: sends one notification to one webhook for each message of the queue."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Final, Protocol

import httpcore
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from staff0.caller_registry import Callers, client_id_of, is_enabled
from staff0.encryption import Encryptor
from staff0.errors import BadEvent, WebhookFailed, WebhookGone
from staff0.metrics import measure
from staff0.observability import log_invocation, logger
from staff0.setting_types import Url
from staff0.settings import CallersSettings, TasksSettings, WebhookSettings, WebhookSignatureSettings, load_settings
from staff0.tasks import PushConfig, PushConfigStore, ReceiverStore
from staff0.trace_context import child_headers

from notifier import delivery_wiring, wiring
from notifier.auth_headers import Credentials, authentication_headers, parse_credentials
from notifier.batch import records_of
from notifier.delivery_limits import LEASE_SECONDS, DeliveryLimits
from notifier.delivery_queue import Delivery
from notifier.http.deadline import Deadline, Monotonic
from notifier.http.webhook_transport import Headers, WebhookTransport
from notifier.message_handler import MessageHandler
from notifier.notification_payloads import NotificationPayloads, Payload

_USER_AGENT: Final = "staff0-hr-agent"
# No request begins later; with the last one the delivery ends long before the function's timeout (template.yaml).
DELIVERY_SECONDS: Final = 15.0


class HttpTransport(Protocol):
    def post(self, url: str, headers: Headers, content: bytes) -> None:
        """Raises WebhookRefused, WebhookGone, WebhookFailed."""


class Signer(Protocol):
    def headers(self, config: PushConfig, payload: Payload) -> Headers:
        """Raises botocore.exceptions.ClientError or BotoCoreError without KMS."""


@dataclass(frozen=True)
class Deliver:
    configs: PushConfigStore
    receivers: ReceiverStore
    payloads: NotificationPayloads
    encryptor: Encryptor
    signer: Signer
    transport: HttpTransport
    limits: DeliveryLimits
    callers: Callers
    now: Monotonic = time.monotonic

    def run(self, delivery: Delivery) -> bool:
        """Sends the notification.

        Returns False if there was nothing to send, if the receiver is gone (410), or if its caller was switched off.

        A receiver that has accepted nothing yet first gets the task's ids and state; only its 2xx brings the rest.
        Raises WebhookRefused, and WebhookFailed also if its requests take longer than DELIVERY_SECONDS together.
        Raises DeliveryHeldBack, and sends nothing, if its caller or its receiver has enough under way;
        botocore.exceptions.ClientError or BotoCoreError without KMS, and sends nothing unsigned.
        """
        config = self.configs.find_by_reference(delivery.task_id, delivery.config_id)
        if config is None:  # deleted: nothing more is sent (A2A 3.1.10)
            return False
        # First, so that a delivery that is held back costs little: thousands may wait.
        with self.limits.permission(config) as observed:
            payloads = self.payloads.of(config, delivery.sequence) if self._may_receive(config) else []
            if not payloads:
                return False
            try:
                with observed:
                    self._send(config, delivery, payloads)
            except WebhookGone as error:
                logger.info("the webhook has ended", extra={"code": error.code})
                self.receivers.set_gone(config)
                return False
        return True

    def _may_receive(self, config: PushConfig) -> bool:
        """Asks the registry before each notification: the caller may have been switched off since its request."""
        if not is_enabled(self.callers, client_id_of(config.owner)):
            logger.info("the caller is switched off, so that nothing is delivered")
            return False
        return not self.receivers.is_gone(config)

    def _send(self, config: PushConfig, delivery: Delivery, payloads: Sequence[Payload]) -> None:
        headers = authentication_headers(config.scheme, self._credentials(config)) | {"User-Agent": _USER_AGENT}
        post = partial(self._post, config, headers, Deadline(DELIVERY_SECONDS, self.now))
        if not self.receivers.has_accepted(config):
            post(self.payloads.outline(config, delivery.sequence))
            self.receivers.set_accepted(config)
        post(payloads)

    def _post(self, config: PushConfig, headers: Headers, deadline: Deadline, payloads: Sequence[Payload]) -> None:
        for payload in payloads:
            own = {"Content-Type": payload.content_type} | child_headers(config.traceparent)
            signature = self.signer.headers(config, payload)
            _require_time(deadline)
            self.transport.post(config.url, headers | own | signature, payload.content)

    def _credentials(self, config: PushConfig) -> Credentials:
        if config.encrypted_credentials is None:
            return Credentials()
        return parse_credentials(self.encryptor.decrypt(config.task_id, config.encrypted_credentials))


def _require_time(deadline: Deadline) -> None:
    try:
        deadline.remaining_seconds()
    except TimeoutError:
        raise WebhookFailed("the time for one delivery is over") from None


class DeliverSettings(TasksSettings, CallersSettings, WebhookSettings, WebhookSignatureSettings):
    deliveries_queue_url: Url
    undelivered_queue_url: Url


@cache
def _message_handler() -> MessageHandler:
    settings = load_settings(DeliverSettings)
    receivers = delivery_wiring.receivers(settings)
    deliver = Deliver(
        configs=wiring.configs(settings),
        receivers=receivers,
        payloads=NotificationPayloads(delivery_wiring.events(settings), delivery_wiring.tasks(settings)),
        encryptor=delivery_wiring.encryptor(settings),
        signer=delivery_wiring.signer(settings),
        transport=WebhookTransport(
            httpcore.default_ssl_context(),
            allow_loopback=settings.loopback_webhooks,
            ports=settings.allowed_webhook_ports,
        ),
        limits=DeliveryLimits(delivery_wiring.slots(settings, LEASE_SECONDS), receivers),
        callers=delivery_wiring.callers(settings),
    )
    queues = wiring.queue(settings.deliveries_queue_url), wiring.queue(settings.undelivered_queue_url)
    return MessageHandler(deliver.run, *queues, measure, random.random)


def process_messages(event: object, message_handler: Callable[[], MessageHandler]) -> PartialItemFailureResponse:
    """Handles each message of an SQS event and reports those that stay in the queue (ReportBatchItemFailures).

    Raises BadEvent, and sends nothing, if a message has no id to be reported by.
    """
    messages = records_of(event)
    if not all(map(_has_id, messages)):
        raise BadEvent("a message of the event has no id")
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    with processor(messages, message_handler().handle):
        processor.process()
    return processor.response()


def _has_id(message: object) -> bool:
    match message:
        case {"messageId": str(message_id)}:
            return message_id != ""
    return False


@log_invocation
def handler(event: object, _context: object) -> PartialItemFailureResponse:
    return process_messages(event, _message_handler)
