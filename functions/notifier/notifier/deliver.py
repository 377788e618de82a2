"""Deliver: one attempt to tell one webhook one thing."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol, TypedDict

import httpcore
from staff0.encryption import Encryptor
from staff0.errors import BadEvent
from staff0.metrics import measure
from staff0.settings import DeliverSettings, load_settings
from staff0.tasks import PushConfig, PushConfigStore

from notifier import wiring
from notifier.auth_headers import Credentials, Headers, authenticating
from notifier.delivery_queue import Delivery
from notifier.http.webhook_transport import Transport
from notifier.message_handler import Message, MessageHandler
from notifier.notification_payloads import NotificationPayloads

_USER_AGENT: Final = "staff0-hr-agent"


class Receivers(Protocol):
    def post(self, url: str, headers: Headers, content: bytes) -> None: ...


@dataclass(frozen=True)
class Deliver:
    configs: PushConfigStore
    news: NotificationPayloads
    encryptor: Encryptor
    receivers: Receivers

    def run(self, delivery: Delivery) -> bool:
        """Whether anything was sent. Raises WebhookRefused, WebhookFailed."""
        config = self.configs.find(delivery.task_id, delivery.config_id)
        if config is None:  # deleted: nothing more is sent (A2A 3.1.10)
            return False
        bodies = self.news.bodies(config, delivery.sequence)
        if not bodies:
            return False
        headers = authenticating(config.scheme, self._credentials(config)) | {"User-Agent": _USER_AGENT}
        for body in bodies:
            self.receivers.post(config.url, headers | {"Content-Type": body.content_type}, body.content)
        return True

    def _credentials(self, config: PushConfig) -> Credentials:
        if config.encrypted_credentials is None:
            return Credentials()
        credentials = self.encryptor.decrypt(config.task_id, config.encrypted_credentials)
        return Credentials.model_validate_json(credentials.get_secret_value())


class QueueEvent(TypedDict):
    """Lambda's event of an SQS queue."""

    Records: list[Message]


class _Failure(TypedDict):
    itemIdentifier: str


class QueueAnswer(TypedDict):
    """The messages that stay in the queue (ReportBatchItemFailures)."""

    batchItemFailures: list[_Failure]


@cache
def _attempts() -> MessageHandler:
    settings = load_settings(DeliverSettings)
    deliver = Deliver(
        configs=wiring.configs(settings),
        news=NotificationPayloads(wiring.events(settings), wiring.tasks(settings)),
        encryptor=wiring.encryptor(settings),
        receivers=Transport(httpcore.default_ssl_context(), allow_loopback=settings.loopback_webhooks),
    )
    queue = wiring.queue(settings.deliveries_queue_url)
    return MessageHandler(deliver.run, queue, measure, random.random)


def answered(event: object, attempts: Callable[[], MessageHandler]) -> QueueAnswer:
    """Raises BadEvent, and sends nothing, where a message has no id to be reported by."""
    messages = _messages(event)
    make = attempts().make
    failed = [message["messageId"] for message in messages if not make(message)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _messages(event: object) -> list[Message]:
    match event:
        case {"Records": list(messages)} if all(map(_has_id, messages)):
            return messages
    raise BadEvent("the event is none of a queue")


def _has_id(message: object) -> bool:
    match message:
        case {"messageId": str(message_id)}:
            return message_id != ""
    return False


def handler(event: QueueEvent, _context: object) -> QueueAnswer:
    return answered(event, _attempts)
