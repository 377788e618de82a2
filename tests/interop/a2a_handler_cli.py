"""a2a-handler, a command line that others wrote on a2a-sdk. It speaks the card's first binding."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from tests.interop.client import ClientError, Webhook
from tests.interop.programs import Program
from tests.support.system import Json

TOKEN_VARIABLE: Final = "AGENT_TOKEN"


@dataclass(frozen=True)
class Handler:
    """`program` has the token in TOKEN_VARIABLE: a command line is no place for it."""

    program: Program
    agent_url: str

    async def card(self) -> Json:
        [card] = await self._do("card", "get")
        return card

    async def validate(self) -> Json:
        """Its verdict on the card."""
        [verdict] = await self._do("card", "validate")
        return verdict

    async def send(self, text: str, *, wait: bool = True, webhook: Webhook | None = None) -> Json:
        """It has no option for a webhook's credentials, only for its token."""
        options = ("--push-url", webhook.url, "--push-token", webhook.token) if webhook else ()
        [task] = await self._do("message", "send", "--text", text, *options, *(() if wait else ("--no-wait",)))
        return task

    async def get(self, task_id: str) -> Json:
        [task] = await self._do("task", "get", task_id)
        return task

    async def cancel(self, task_id: str) -> Json:
        [task] = await self._do("task", "cancel", task_id)
        return task

    async def tasks(self, context_id: str) -> list[Json]:
        return await self._do("task", "list", "--context-id", context_id, "--include-artifacts")

    async def stream(self, text: str) -> list[Json]:
        return [{"task": event["task"]} for event in await self._do("message", "stream", "--text", text)]

    async def subscribe(self, task_id: str) -> list[Json]:
        """It prints no events here, only the task as they left it."""
        return [{"task": task} for task in await self._do("task", "resubscribe", task_id)]

    async def create_webhook(self, task_id: str, webhook: Webhook) -> Json:
        """As in `send`: the token alone."""
        options = ("--webhook-url", webhook.url, "--token", webhook.token)
        [config] = await self._do("task", "notification", "set", task_id, *options)
        return config

    async def get_webhook(self, task_id: str, webhook_id: str) -> Json:
        [config] = await self._do("task", "notification", "get", task_id, "--config-id", webhook_id)
        return config

    async def list_webhooks(self, task_id: str) -> list[Json]:
        [listing] = await self._do("task", "notification", "list", task_id)
        configs: list[Json] = listing["configs"]
        return configs

    async def delete_webhook(self, task_id: str, webhook_id: str) -> None:
        await self._do("task", "notification", "remove", task_id, "--config-id", webhook_id)

    async def _do(self, *verb: str) -> list[Json]:
        """What it printed, line by line. Its own errors are the last line of standard error."""
        target = ("--url", self.agent_url, "--bearer-env", TOKEN_VARIABLE)
        out, err = await self.program.run("--output", "ndjson", *verb, *target)
        errors = [json.loads(line) for line in err.splitlines() if line.startswith('{"type": "error"')]
        if errors:
            details = errors[-1].get("details") or {}
            raise ClientError(details.get("error", errors[-1]["code"]), errors[-1]["message"])
        assert out, err
        return [json.loads(line) for line in out.splitlines()]
