"""The call context has the verified caller and never the token."""

from __future__ import annotations

import pytest
from hr_agent.http.caller import Caller
from hr_agent.http.request_context_keys import CALLER_KEY
from hr_agent.protocol.call_context import CallContextBuilder
from staff0.errors import MissingToken
from starlette.requests import Request

CALLER = Caller("iss/", "client", "acme", "https://agent.example")


def _request(caller: Caller | None = None) -> Request:
    headers = [(b"authorization", b"Bearer secret"), (b"x-other", b"kept")]
    scope = {"type": "http", "headers": headers, "query_string": b"", "staff0.event_ids": None, CALLER_KEY: caller}
    return Request(scope)


def test_context_has_no_token() -> None:
    context = CallContextBuilder().build(_request(CALLER))
    assert context.user.user_name == "iss/|client"
    assert context.state["headers"] == {"x-other": "kept", "a2a-version": "0.3"}


def test_no_context_without_verified_caller() -> None:
    """Without this error all unknown clients would share one owner and see all its tasks."""
    with pytest.raises(MissingToken):
        CallContextBuilder().build(_request())


def test_default_protocol_is_1_0() -> None:
    assert CALLER.protocol == "1.0"
