"""No token, no name and no address in a log or in the context, whatever goes wrong (A2A 13.4)."""

from __future__ import annotations

import json
from collections import deque

import pytest
from botocore.exceptions import EndpointConnectionError
from hr_agent.http.caller import EVENT_IDS_KEY, OUTAGE_KEY, SCOPE_KEY, CallContextBuilder, Caller
from staff0.errors import MissingToken
from starlette.requests import Request

from tests.support.a2a_test_client import Agent, JsonRpc, Refused
from tests.unit.agent.conftest import FakeLoop

CANARY = "jdoe.canary@staff0.com"


async def test_nothing_personal_is_logged(
    agent: Agent, loop: FakeLoop, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    await agent.send(f"Does John Canary with email {CANARY} work at Staff0?")
    loop.outage = EndpointConnectionError(endpoint_url=CANARY)
    with pytest.raises(Refused):
        await agent.send(f"Is {CANARY} employed?", "m-2")
    loop.outage = RuntimeError(CANARY)
    with pytest.raises(Refused):
        await agent.send(f"Is {CANARY} employed?", "m-3")
    wrong = {"message": {"messageId": "m"}, "configuration": {"historyLength": CANARY}}
    rpc = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": wrong}
    await agent.post(json.dumps(rpc if isinstance(agent, JsonRpc) else wrong).encode())
    logged = "".join(capsys.readouterr()) + caplog.text
    assert logged
    assert "canary" not in logged.lower()
    assert agent.token not in logged


def _request(**scope: object) -> Request:
    headers = [(b"authorization", b"Bearer secret"), (b"x-other", b"kept")]
    return Request(
        {"type": "http", "headers": headers, "query_string": b"", OUTAGE_KEY: [], EVENT_IDS_KEY: deque(), **scope}
    )


def test_the_token_stays_out_of_the_call_context() -> None:
    context = CallContextBuilder().build(
        _request(**{SCOPE_KEY: Caller("iss/", "client", "acme", "https://agent.example")})
    )
    assert context.user.user_name == "iss/|client"
    assert context.state["headers"] == {"x-other": "kept"}


def test_without_a_verified_caller_there_is_no_context() -> None:
    """Else every stranger would share one owner and see all its tasks."""
    with pytest.raises(MissingToken):
        CallContextBuilder().build(_request())
