"""a2a-handler, a third party's command line on a2a-sdk. It uses the first binding on the agent card."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from tests.interop.client import ClientError, Webhook
from tests.interop.client_program import Program
from tests.support.system import Json

TOKEN_VARIABLE: Final = "AGENT_TOKEN"


@dataclass(frozen=True)
class HandlerClient:
    """`program` passes the token in the environment variable TOKEN_VARIABLE, never on the command line."""

    program: Program
    agent_url: str

    async def card(self) -> Json:
        [card] = await self._run("card", "get")
        return card

    async def validate_card(self) -> Json:
        """The result of its check of the card: `valid` and, for an invalid card, `issues`."""
        [result] = await self._run("card", "validate")
        return result

    async def send(self, text: str, *, wait: bool = True, webhook: Webhook | None = None) -> Json:
        """Its command line has an option for a webhook's token, but none for its credentials."""
        options = ("--push-url", webhook.url, "--push-token", webhook.token) if webhook else ()
        [task] = await self._run("message", "send", "--text", text, *options, *(() if wait else ("--no-wait",)))
        return task

    async def get(self, task_id: str) -> Json:
        [task] = await self._run("task", "get", task_id)
        return task

    async def cancel(self, task_id: str) -> Json:
        [task] = await self._run("task", "cancel", task_id)
        return task

    async def tasks(self, context_id: str) -> list[Json]:
        return await self._run("task", "list", "--context-id", context_id, "--include-artifacts")

    async def stream(self, text: str) -> list[Json]:
        return [{"task": event["task"]} for event in await self._run("message", "stream", "--text", text)]

    async def subscribe(self, task_id: str) -> list[Json]:
        """It prints the task after the events, not the events themselves."""
        return [{"task": task} for task in await self._run("task", "resubscribe", task_id)]

    async def create_webhook(self, task_id: str, webhook: Webhook) -> Json:
        """As in `send`, the webhook has no credentials."""
        options = ("--webhook-url", webhook.url, "--token", webhook.token)
        [config] = await self._run("task", "notification", "set", task_id, *options)
        return config

    async def get_webhook(self, task_id: str, webhook_id: str) -> Json:
        [config] = await self._run("task", "notification", "get", task_id, "--config-id", webhook_id)
        return config

    async def list_webhooks(self, task_id: str) -> list[Json]:
        [listing] = await self._run("task", "notification", "list", task_id)
        configs: list[Json] = listing["configs"]
        return configs

    async def delete_webhook(self, task_id: str, webhook_id: str) -> None:
        await self._run("task", "notification", "remove", task_id, "--config-id", webhook_id)

    async def _run(self, *command: str) -> list[Json]:
        """Parses each line of its output. Raises ClientError for the last error on standard error."""
        target = ("--url", self.agent_url, "--bearer-env", TOKEN_VARIABLE)
        out, err = await self.program.run("--output", "ndjson", *command, *target)
        errors = [json.loads(line) for line in err.splitlines() if line.startswith('{"type": "error"')]
        if errors:
            details = errors[-1].get("details") or {}
            raise ClientError(details.get("error", errors[-1]["code"]), errors[-1]["message"])
        assert out, err
        return [json.loads(line) for line in out.splitlines()]
