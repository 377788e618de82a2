"""Deliveries to the one webhook of a task, and a receiver that notes the requests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from a2a.types import StreamResponse
from google.protobuf.json_format import Parse
from notifier.deliver import Deliver
from notifier.delivery_queue import Delivery
from staff0.errors import WebhookFailed, WebhookGone
from staff0.secret_str import SecretStr
from staff0.tasks import PushConfigStore, ReceiverStore, TaskStore

from tests.support.sample_webhooks import CONFIG, TASK

if TYPE_CHECKING:
    from notifier.http.webhook_transport import Headers
    from staff0.encryption import KmsEncryptor


@dataclass(frozen=True)
class Post:
    url: str
    headers: Headers
    content: bytes

    @property
    def update(self) -> StreamResponse:
        return Parse(self.content, StreamResponse())


@dataclass
class FakeTransport:
    """Receivers that accept the first `accepts` requests and answer the others with 503, or with 410 if `is_gone`."""

    accepts: int = 100
    is_gone: bool = False
    requests: int = 0
    posts: list[Post] = field(default_factory=list)
    seconds_per_request: float = 0.0
    now: float = 0.0

    def post(self, url: str, headers: Headers, content: bytes) -> None:
        self.now += self.seconds_per_request
        self.requests += 1
        if self.is_gone:
            raise WebhookGone("the receiver answered 410")
        if len(self.posts) == self.accepts:
            raise WebhookFailed("the receiver answered 503")
        self.posts.append(Post(url, headers, content))


@dataclass
class Deliveries:
    """Deliveries to the one webhook of a task."""

    store: TaskStore
    configs: PushConfigStore
    encryptor: KmsEncryptor
    deliver: Deliver
    transport: FakeTransport
    receivers: ReceiverStore

    def posts_for(self, sequence: int | None, **changed: Any) -> list[Post]:
        """Delivers this write, after `changed` is applied to the webhook. Returns all requests so far."""
        if changed:
            self.configs.save(replace(CONFIG, **changed))
        assert self.attempt(sequence) is bool(self.transport.posts)
        return self.transport.posts

    def attempt(self, sequence: int | None) -> bool:
        return self.deliver.run(Delivery(task_id=TASK, config_id="c1", sequence=sequence))

    def encrypted(self, task_id: str = TASK, **values: str) -> bytes:
        """Encrypted as the agent does it."""
        return self.encryptor.encrypt(task_id, SecretStr(json.dumps({"token": "", "credentials": ""} | values)))
