"""A client behind a driver: a small program that executes one instruction with the client's public API."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.interop.client import ClientError, Webhook
from tests.interop.client_program import Program
from tests.support.system import Json


@dataclass(frozen=True)
class DrivenClient:
    """`connection` is the rest of the instruction: URL, token, and binding or path of the card."""

    program: Program
    connection: Json = field(repr=False)

    async def card(self) -> Json:
        return await self._one("card")

    async def send(self, text: str, *, wait: bool = True, webhook: Webhook | None = None) -> Json:
        return await self._one("send", text=text, wait=wait, webhook=webhook and asdict(webhook))

    async def get(self, task_id: str) -> Json:
        return await self._one("get", taskId=task_id)

    async def cancel(self, task_id: str) -> Json:
        return await self._one("cancel", taskId=task_id)

    async def tasks(self, context_id: str) -> list[Json]:
        return await self._list("tasks", contextId=context_id)

    async def stream(self, text: str) -> list[Json]:
        return await self._list("stream", text=text, wait=True)

    async def subscribe(self, task_id: str) -> list[Json]:
        return await self._list("subscribe", taskId=task_id)

    async def create_webhook(self, task_id: str, webhook: Webhook) -> Json:
        return await self._one("create_webhook", taskId=task_id, webhook=asdict(webhook))

    async def get_webhook(self, task_id: str, webhook_id: str) -> Json:
        return await self._one("get_webhook", taskId=task_id, id=webhook_id)

    async def list_webhooks(self, task_id: str) -> list[Json]:
        return await self._list("list_webhooks", taskId=task_id)

    async def delete_webhook(self, task_id: str, webhook_id: str) -> None:
        await self._execute("delete_webhook", taskId=task_id, id=webhook_id)

    async def _one(self, verb: str, **arguments: object) -> Json:
        result: Json = await self._execute(verb, **arguments)
        return result

    async def _list(self, verb: str, **arguments: object) -> list[Json]:
        results: list[Json] = await self._execute(verb, **arguments)
        return results

    async def _execute(self, verb: str, **arguments: object) -> Any:
        instruction = json.dumps({"verb": verb, **self.connection, **arguments})
        out, err = await self.program.run(stdin=instruction)
        assert out, err
        outcome = json.loads(out)
        if "error" in outcome:
            raise ClientError(**outcome["error"])
        return outcome["result"]
