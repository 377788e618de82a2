"""SendMessage and GetTask of A2A 1.0 are answered without the SDK's server, and to the byte as by it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hr_agent.http.caller import Caller
from hr_agent.http.request_context_keys import CALLER_KEY
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.protocol.call_context import CallContextBuilder
from hr_agent.protocol.json_rpc import JsonRpcEndpoint
from hr_agent.protocol.request_handler import StatelessRequestHandler
from hr_agent.protocol.sdk_server import SdkServer
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from tests.support.a2a_test_client import BASE_URL
from tests.support.tokens import ISSUER

CALLER = Caller(ISSUER, "acme-client", "acme", BASE_URL)
MESSAGE = {"messageId": "m1", "role": "ROLE_USER", "parts": [{"text": "Does jdoe@staff0.com work at Staff0?"}]}
SEND = {"message": MESSAGE, "configuration": {"returnImmediately": True}}

type Answer = Callable[[Request], Awaitable[Response]]


def asked(body: object, **headers: str) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

    sent = {"a2a_version": "1.0", "authorization": "Bearer secret", **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/rpc",
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
        "staff0.event_ids": None,
        CALLER_KEY: CALLER,
    }
    return Request(scope, receive)


def call(method: str, params: object, id_: object = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id_, "method": method, "params": params}


@pytest.fixture
def contexts() -> CallContextBuilder:
    return CallContextBuilder()


@pytest.fixture
def alone(handler: StatelessRequestHandler, contexts: CallContextBuilder) -> Answer:
    """The endpoint without the SDK's server."""

    async def not_loaded(_: Request) -> Response:
        raise AssertionError("the SDK's server is loaded")

    return JsonRpcEndpoint(handler, contexts, not_loaded).answer


@pytest.fixture
def sdk(handler: StatelessRequestHandler, contexts: CallContextBuilder) -> Answer:
    return SdkServer(handler, contexts).json_rpc


@pytest.fixture
async def task_id(sdk: Answer) -> str:
    sent = await sdk(asked(call("SendMessage", SEND)))
    found: str = json.loads(bytes(sent.body))["result"]["task"]["id"]
    return found


@pytest.mark.parametrize(
    ("method", "params", "headers"),
    [
        ("GetTask", {"id": "TASK"}, {}),
        ("GetTask", {"id": "TASK", "historyLength": 1}, {}),
        ("GetTask", {"id": "TASK", "laterMember": True}, {}),
        ("GetTask", {"id": "TASK"}, {"a2a_version": "1.0.1"}),
        ("GetTask", {"id": "TASK"}, {"staff0_wait": "0;after=0"}),
        ("GetTask", {"id": "TASK"}, {"staff0_wait": "soon"}),
        ("GetTask", {"id": "TASK", "historyLength": -1}, {}),
        ("GetTask", {"id": "TASK", "history_Length": 1}, {}),
        ("GetTask", {"id": "unknown"}, {}),
        ("GetTask", {"id": 7}, {}),
        ("GetTask", {}, {}),
        ("SendMessage", SEND, {}),
        ("SendMessage", {"message": MESSAGE | {"messageId": "m2", "role": "ROLE_AGENT"}}, {}),
        ("SendMessage", {"message": MESSAGE | {"messageId": "m3", "parts": []}}, {}),
        ("SendMessage", {"message": MESSAGE | {"messageId": "m4", "taskId": "unknown"}}, {}),
        ("SendMessage", {"message": MESSAGE | {"messageId": "m5", "role": "ROLE_OTHER"}}, {}),
        ("SendMessage", {}, {}),
    ],
)
@pytest.mark.parametrize("id_", [1, "one", None])
async def test_answer_is_that_of_the_sdk(  # noqa: PLR0917 - two endpoints and a case
    alone: Answer, sdk: Answer, task_id: str, id_: object, method: str, params: dict[str, Any], headers: dict[str, str]
) -> None:
    params = {**params, "id": task_id} if params.get("id") == "TASK" else params
    body = call(method, params, id_)
    ours, theirs = await alone(asked(body, **headers)), await sdk(asked(body, **headers))
    assert (ours.status_code, ours.body) == (theirs.status_code, theirs.body)


async def test_unexpected_error_is_that_of_the_sdk(alone: Answer, sdk: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("canary")

    monkeypatch.setattr(CallerTasks, "get", fail)
    body = call("GetTask", {"id": "t"})
    ours, theirs = await alone(asked(body)), await sdk(asked(body))
    assert ours.body == theirs.body
    assert b"canary" not in ours.body


@pytest.mark.parametrize(
    ("body", "version"),
    [
        (call("GetTask", {"id": "t"}), ""),
        (call("GetTask", {"id": "t"}), "0.3"),
        (call("GetTask", {"id": "t"}), "2.0"),
        (call("ListTasks", {}), "1.0"),
        (call("tasks/get", {"id": "t"}), "1.0"),
        (call("GetTask", {"id": "t"}, id_=True), "1.0"),
        (call("GetTask", {"id": "t"}, id_=1.5), "1.0"),
        (call("GetTask", ["t"]), "1.0"),
        (call("GetTask", None), "1.0"),
        (call("GetTask", {"id": "t"}) | {"other": 1}, "1.0"),
        (call("GetTask", {"id": "t"}) | {"jsonrpc": "1.0"}, "1.0"),
        ({"jsonrpc": "2.0", "method": "GetTask", "params": {"id": "t"}}, "1.0"),
        ([call("GetTask", {"id": "t"})], "1.0"),
        ("GetTask", "1.0"),
    ],
)
async def test_any_other_request_goes_to_the_sdk(
    handler: StatelessRequestHandler, contexts: CallContextBuilder, body: object, version: str
) -> None:
    async def sdk(request: Request) -> Response:
        return Response(await request.body())

    answered = await JsonRpcEndpoint(handler, contexts, sdk).answer(asked(body, a2a_version=version))
    assert json.loads(bytes(answered.body)) == body
