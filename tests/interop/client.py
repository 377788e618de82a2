"""The interface of every client in these tests. Results are JSON of the client's protocol version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tests.support.system import Json


class ClientError(Exception):
    """The client's own typed error. `name` is the class that its users catch."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name


@dataclass(frozen=True)
class Webhook:
    """A webhook's URL, and the token and bearer credentials that its notifications must have."""

    url: str
    token: str
    credentials: str


class Client(Protocol):
    """Each method raises ClientError if the agent or the client rejects the call."""

    async def card(self) -> Json: ...

    async def send(self, text: str, *, wait: bool = True, webhook: Webhook | None = None) -> Json:
        """Returns the task when it is interrupted or has ended; without `wait`, immediately."""
        ...

    async def get(self, task_id: str) -> Json: ...

    async def cancel(self, task_id: str) -> Json: ...

    async def tasks(self, context_id: str) -> list[Json]:
        """The tasks of a context with their artifacts. A2A 0.3 has no such method."""
        ...

    async def stream(self, text: str) -> list[Json]:
        """Every event until the agent closes the stream."""
        ...

    async def subscribe(self, task_id: str) -> list[Json]: ...

    async def create_webhook(self, task_id: str, webhook: Webhook) -> Json: ...

    async def get_webhook(self, task_id: str, webhook_id: str) -> Json: ...

    async def list_webhooks(self, task_id: str) -> list[Json]: ...

    async def delete_webhook(self, task_id: str, webhook_id: str) -> None: ...
