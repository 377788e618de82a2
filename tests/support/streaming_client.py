"""A client for streams in both bindings that subscribes again until the task has ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.system import TERMINAL, Caller, Json, code_of

STATES = "TASK_STATE_"


def events_of(answer: httpx.Response) -> Iterator[tuple[str, Json]]:
    """The id and the data of each server-sent event. Skips comments."""
    assert answer.headers["content-type"].startswith("text/event-stream"), answer.text
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if "data" in fields:
            yield fields["id"], json.loads(fields["data"])


def word(update: Json) -> str:
    """The state of an update without its prefix, or `artifact`."""
    if "artifactUpdate" in update:
        return "artifact"
    status: Json = (update.get("task") or update["statusUpdate"])["status"]
    return str(status["state"]).removeprefix(STATES)


@dataclass
class Following:
    """The updates of one task that a client got, over all windows."""

    caller: Caller
    binding: str
    windows: int = 0
    updates: list[Json] = field(default_factory=list)
    last_event_id: str = ""

    @property
    def words(self) -> list[str]:
        return [word(update) for update in self.updates]

    @property
    def has_ended(self) -> bool:
        return bool(self.words) and f"{STATES}{self.words[-1]}" in TERMINAL

    def send(self, message: Json) -> None:
        if self.binding == "JSONRPC":
            self._take(self._rpc("SendStreamingMessage", {"message": message}))
        else:
            self._take(self.caller.post("/message:stream", {"message": message}))

    def subscribe(self, task_id: str, *, resume: bool = False) -> None:
        """`resume` continues after the last event, as an EventSource does after a lost connection."""
        headers = {"Last-Event-ID": self.last_event_id} if resume else {}
        if self.binding == "JSONRPC":
            self._take(self._rpc("SubscribeToTask", {"id": task_id}, headers))
        else:
            url = f"{self.caller.system.stack['agent_url']}/v1/tasks/{task_id}:subscribe"
            self._take(self.caller.system.http.get(url, headers=self.caller.headers | headers))

    def to_code(self) -> str:
        """Subscribes again until the request is on the employee's phone. Returns its code."""
        while self.words[-1] != "AUTH_REQUIRED":
            assert not self.has_ended, self.words
            self.subscribe(self.updates[0]["task"]["id"], resume=True)
        return code_of(self.updates[-1]["statusUpdate"])

    def to_the_end(self, task_id: str, *, meanwhile: Callable[[int], Any]) -> None:
        """Subscribes again after each window. `meanwhile` gets the number of windows so far."""
        while not self.has_ended:
            meanwhile(self.windows)
            self.subscribe(task_id, resume=True)

    def _rpc(self, method: str, params: Json, headers: dict[str, str] | None = None) -> httpx.Response:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        url = f"{self.caller.system.stack['agent_url']}/rpc"
        return self.caller.system.http.post(url, json=body, headers=self.caller.headers | (headers or {}))

    def _take(self, answer: httpx.Response) -> None:
        self.windows += 1
        for event_id, data in events_of(answer):
            self.updates.append(data["result"] if self.binding == "JSONRPC" else data)
            self.last_event_id = event_id
