"""Requests that the client of the tests does not build, and what no response may show."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.a2a_test_client import Agent, JsonRpc


def send_message_body(agent: Agent, params: bytes) -> bytes:
    """The request body for SendMessage's params."""
    rpc = b'{"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": ' + params + b"}"
    return rpc if isinstance(agent, JsonRpc) else params


def nested(depth: int) -> dict[str, Any]:
    return {"a": nested(depth - 1)} if depth else {"a": 1}


def assert_no_internals(answer: httpx.Response) -> None:
    assert answer.status_code < 500
    for word in ("Traceback", "site-packages", "google.protobuf", "codec", "recursion"):
        assert word not in answer.text
