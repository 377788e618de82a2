"""What every client here can do, whoever wrote it. Answers are JSON of the protocol version it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tests.support.system import Json


class ClientError(Exception):
    """The client's own typed error, by the name its users would catch."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name


@dataclass(frozen=True)
class Webhook:
    """Where news goes, with the token and the bearer credentials it must carry."""

    url: str
    token: str
    credentials: str


class Client(Protocol):
    """Every verb raises ClientError for what the agent, or the client itself, refuses."""

    async def card(self) -> Json: ...

    async def send(self, text: str, *, wait: bool = True, webhook: Webhook | None = None) -> Json:
        """The task: once somebody has to act or it has ended, or at once if not `wait`."""
        ...

    async def get(self, task_id: str) -> Json: ...

    async def cancel(self, task_id: str) -> Json: ...

    async def tasks(self, context_id: str) -> list[Json]:
        """The conversation's tasks with their artifacts; 0.3 has no such verb."""
        ...

    async def stream(self, text: str) -> list[Json]:
        """Every event until the agent closes the stream."""
        ...

    async def subscribe(self, task_id: str) -> list[Json]: ...

    async def create_webhook(self, task_id: str, webhook: Webhook) -> Json: ...

    async def get_webhook(self, task_id: str, webhook_id: str) -> Json: ...

    async def list_webhooks(self, task_id: str) -> list[Json]: ...

    async def delete_webhook(self, task_id: str, webhook_id: str) -> None: ...
