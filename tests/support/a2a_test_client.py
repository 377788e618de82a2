"""A client of the agent for both bindings, written after the specification and without an SDK."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import httpx

type Json = Any  # a value of a response
type Jsons = list[Any]

BASE_URL = "https://agent.example"
QUESTION = "Does John Doe with email jdoe@staff0.com work at Staff0?"
ASKS_WHO = "Does John Doe work at Staff0?"
CODES = {
    -32001: "TASK_NOT_FOUND",
    -32002: "TASK_NOT_CANCELABLE",
    -32003: "PUSH_NOTIFICATION_NOT_SUPPORTED",
    -32004: "UNSUPPORTED_OPERATION",
    -32005: "CONTENT_TYPE_NOT_SUPPORTED",
    -32008: "EXTENSION_SUPPORT_REQUIRED",
    -32009: "VERSION_NOT_SUPPORTED",
    -32602: "INVALID_PARAMS",
}


def message(text: str = QUESTION, message_id: str = "m-1", **more: Json) -> dict[str, Json]:
    return {"messageId": message_id, "role": "ROLE_USER", "parts": [{"text": text}], **more}


def texts(history: Jsons) -> list[str]:
    return [part["text"] for said in history for part in said["parts"]]


def reply(task: Json) -> str:
    return str(task["status"]["message"]["parts"][0]["text"])


class ProtocolError(Exception):
    """An error of A2A; `reason` and its ErrorInfo are the same in both bindings (A2A 5.4)."""

    def __init__(self, status: int, reason: str, message: str = "", details: Jsons | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.message = message
        self.metadata: Json = details[0].get("metadata") if details else None


@dataclass
class Agent(ABC):
    http: httpx.AsyncClient
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "A2A-Version": "1.0"}

    async def send(self, text: str = QUESTION, message_id: str = "m-1", *, at_once: bool = True, **more: Json) -> Json:
        params = {"message": message(text, message_id, **more), "configuration": {"returnImmediately": at_once}}
        return await self.send_params(params)

    @abstractmethod
    async def send_params(self, params: dict[str, Json]) -> Json:
        """The task that SendMessage returns."""

    @abstractmethod
    async def get(self, task_id: str, **query: Json) -> Json: ...

    @abstractmethod
    async def list(self, **query: Json) -> Json: ...

    @abstractmethod
    async def cancel(self, task_id: str) -> Json: ...

    async def stream(self, text: str = QUESTION, message_id: str = "m-1", **more: Json) -> Jsons:
        return await self.stream_params({"message": message(text, message_id, **more)})

    @abstractmethod
    async def stream_params(self, params: dict[str, Json]) -> Jsons:
        """The events of SendStreamingMessage until its window ends, each with its event id as `id`."""

    @abstractmethod
    async def subscribe(self, task_id: str, last_event_id: str = "") -> Jsons: ...

    @abstractmethod
    async def create_webhook(self, task_id: str, **config: Json) -> Json: ...

    @abstractmethod
    async def get_webhook(self, task_id: str, config_id: str) -> Json: ...

    @abstractmethod
    async def list_webhooks(self, task_id: str, **query: Json) -> Jsons: ...

    @abstractmethod
    async def delete_webhook(self, task_id: str, config_id: str) -> None: ...

    @abstractmethod
    async def extended_card(self) -> Json: ...

    @abstractmethod
    async def post(self, body: bytes, content_type: str = "application/json") -> httpx.Response:
        """Posts a raw body to SendMessage."""


async def total(agent: Agent) -> int:
    """The number of the caller's tasks."""
    return int((await agent.list())["totalSize"])


def events_of(answer: httpx.Response) -> list[tuple[str, Json]]:
    """Id and data of each event of a stream, without comments (WHATWG HTML 9.2.6)."""
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if "data" in fields:
            found.append((fields.get("id", ""), json.loads(fields["data"])))
    return found


class JsonRpc(Agent):
    async def call(self, method: str, params: dict[str, Json]) -> Json:
        return self._result(await self._post(method, params))

    async def _post(self, method: str, params: dict[str, Json], **headers: str) -> httpx.Response:
        body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
        return await self.http.post("/rpc", json=body, headers={**self.headers, **headers})

    def _result(self, answer: httpx.Response, content: Json = None) -> Json:
        content = content or answer.json()
        if error := content.get("error"):
            reason = CODES.get(error["code"], str(error["code"]))
            raise ProtocolError(answer.status_code, reason, error["message"], error.get("data"))
        assert content["id"] == 7
        return content["result"]

    async def _stream(self, method: str, params: dict[str, Json], **headers: str) -> Jsons:
        answer = await self._post(method, params, **headers)
        if answer.headers["content-type"] == "application/json":
            self._result(answer)
        return [{"id": id_, **self._result(answer, data)} for id_, data in events_of(answer)]

    async def send_params(self, params: dict[str, Json]) -> Json:
        return (await self.call("SendMessage", params))["task"]

    async def get(self, task_id: str, **query: Json) -> Json:
        return await self.call("GetTask", {"id": task_id, **query})

    async def list(self, **query: Json) -> Json:
        return await self.call("ListTasks", query)

    async def cancel(self, task_id: str) -> Json:
        return await self.call("CancelTask", {"id": task_id})

    async def stream_params(self, params: dict[str, Json]) -> Jsons:
        return await self._stream("SendStreamingMessage", params)

    async def subscribe(self, task_id: str, last_event_id: str = "") -> Jsons:
        return await self._stream("SubscribeToTask", {"id": task_id}, **{"Last-Event-ID": last_event_id})

    async def create_webhook(self, task_id: str, **config: Json) -> Json:
        return await self.call("CreateTaskPushNotificationConfig", {"taskId": task_id, **config})

    async def get_webhook(self, task_id: str, config_id: str) -> Json:
        return await self.call("GetTaskPushNotificationConfig", {"taskId": task_id, "id": config_id})

    async def list_webhooks(self, task_id: str, **query: Json) -> Jsons:
        listed = await self.call("ListTaskPushNotificationConfigs", {"taskId": task_id, **query})
        return list(listed.get("configs", []))

    async def delete_webhook(self, task_id: str, config_id: str) -> None:
        await self.call("DeleteTaskPushNotificationConfig", {"taskId": task_id, "id": config_id})

    async def extended_card(self) -> Json:
        return await self.call("GetExtendedAgentCard", {})

    async def post(self, body: bytes, content_type: str = "application/json") -> httpx.Response:
        return await self.http.post("/rpc", content=body, headers={**self.headers, "Content-Type": content_type})


class HttpJson(Agent):
    async def call(self, verb: str, path: str, **request: Json) -> Json:
        answer = await self.http.request(verb, f"/v1{path}", headers=self.headers, **request)
        self._raise_for(answer)
        assert answer.headers["content-type"] == "application/a2a+json"
        return answer.json()

    def _raise_for(self, answer: httpx.Response) -> None:
        if answer.is_error:
            error = answer.json()["error"]
            details = error.get("details", [{}])
            reason = details[0].get("reason", str(answer.status_code))
            raise ProtocolError(answer.status_code, reason, error.get("message", ""), details)

    async def _stream(self, verb: str, path: str, last_event_id: str = "", **request: Json) -> Jsons:
        headers = {**self.headers, "Last-Event-ID": last_event_id}
        answer = await self.http.request(verb, f"/v1{path}", headers=headers, **request)
        self._raise_for(answer)
        return [{"id": id_, **data} for id_, data in events_of(answer)]

    async def send_params(self, params: dict[str, Json]) -> Json:
        return (await self.call("POST", "/message:send", json=params))["task"]

    async def get(self, task_id: str, **query: Json) -> Json:
        return await self.call("GET", f"/tasks/{task_id}", params=query)

    async def list(self, **query: Json) -> Json:
        return await self.call("GET", "/tasks", params=query)

    async def cancel(self, task_id: str) -> Json:
        return await self.call("POST", f"/tasks/{task_id}:cancel", json={})

    async def stream_params(self, params: dict[str, Json]) -> Jsons:
        return await self._stream("POST", "/message:stream", json=params)

    async def subscribe(self, task_id: str, last_event_id: str = "") -> Jsons:
        return await self._stream("POST", f"/tasks/{task_id}:subscribe", last_event_id)

    async def create_webhook(self, task_id: str, **config: Json) -> Json:
        return await self.call("POST", f"/tasks/{task_id}/pushNotificationConfigs", json=config)

    async def get_webhook(self, task_id: str, config_id: str) -> Json:
        return await self.call("GET", f"/tasks/{task_id}/pushNotificationConfigs/{config_id}")

    async def list_webhooks(self, task_id: str, **query: Json) -> Jsons:
        listed = await self.call("GET", f"/tasks/{task_id}/pushNotificationConfigs", params=query)
        return list(listed.get("configs", []))

    async def delete_webhook(self, task_id: str, config_id: str) -> None:
        await self.call("DELETE", f"/tasks/{task_id}/pushNotificationConfigs/{config_id}")

    async def extended_card(self) -> Json:
        return await self.call("GET", "/extendedAgentCard")

    async def post(self, body: bytes, content_type: str = "application/json") -> httpx.Response:
        headers = {**self.headers, "Content-Type": content_type}
        return await self.http.post("/v1/message:send", content=body, headers=headers)
