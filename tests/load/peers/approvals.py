"""Callers and employees of one contender: many questions at once, and the answers on the phones."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import httpx

from tests.load.peers.contenders import Contender
from tests.support.system import TERMINAL, Employee, System

LOOK_SECONDS: Final = 1.0  # how often a caller asks for its task
_AT_ONCE: Final = 20


@dataclass
class Approvals:
    """`tasks` are the tasks that were asked for, by employee; `errors` is the number of answers with 5xx."""

    system: System
    contender: Contender
    http: httpx.AsyncClient
    tasks: dict[Employee, str] = field(default_factory=dict)
    errors: int = 0

    def __post_init__(self) -> None:
        self._headers = self.system.caller().headers
        self._phone = f"{self.system.stack['phone_url']}/api/requests"
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def ask(self, employees: Iterable[Employee]) -> None:
        await asyncio.gather(*map(self._ask, employees))

    async def wait_for_pushes(self, employees: Iterable[Employee], seconds: float) -> dict[str, str]:
        """Request ids by sub, as soon as all phones have rung or the time is over."""
        subs, deadline = {employee.sub for employee in employees}, time.monotonic() + seconds
        while True:
            requests = (await self.http.get(self._phone)).raise_for_status().json()
            found = {request["sub"]: request["id"] for request in requests if request["sub"] in subs}
            if len(found) == len(subs) or time.monotonic() > deadline:
                return found
            await asyncio.sleep(0.2)

    async def approve(self, request_id: str) -> None:
        (await self.http.post(f"{self._phone}/{request_id}/approve")).raise_for_status()

    async def wait_for_end(self, employee: Employee, seconds: float) -> str:
        """The state in which the task ends; `lost` if the agent does not know the task, `open` if it does not end."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            state = await self._state(self.tasks[employee])
            if state in TERMINAL or state == "lost":
                return state.removeprefix("TASK_STATE_")
            await asyncio.sleep(LOOK_SECONDS)
        return "open"

    async def _ask(self, employee: Employee) -> None:
        message = {"messageId": str(uuid.uuid4()), "role": "ROLE_USER", "parts": [{"text": employee.question}]}
        body = {"message": message, "configuration": {"returnImmediately": True}}
        async with self._at_once:
            answer = await self._call("POST", "/message:send", json=body)
        self.tasks[employee] = answer.raise_for_status().json()["task"]["id"]

    async def _state(self, task_id: str) -> str:
        answer = await self._call("GET", f"/tasks/{task_id}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return "lost"
        return str(answer.raise_for_status().json()["status"]["state"])

    async def _call(self, method: str, path: str, json: object = None) -> httpx.Response:
        """The answer. Repeats the request after 429 and 5xx, as callers do."""
        while True:
            answer = await self.http.request(method, self.contender.url + path, headers=self._headers, json=json)
            if not answer.is_server_error and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return answer
            self.errors += answer.is_server_error
            await asyncio.sleep(1)
