"""Responses that are nested too deeply or have extreme numbers: an error (exit code 2), never "not confirmed" (1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.program import run
from tests.support.client_options import options
from tests.support.fake_agent import APPROVAL_PENDING, FakeAgent, answered, task
from tests.support.statements import statement

DEEP = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
DEEP_LIST = b"[" * 100_000 + b"]" * 100_000
HUGE_NUMBER = b"9" * 10_000
BODIES = {"object": DEEP, "list": DEEP_LIST, "number": HUGE_NUMBER, "infinity": b'{"iat":1e999,"keys":1e999}'}
PATHS = ("/.well-known/agent-card.json", "/.well-known/jwks.json", "/oauth/token", "/rpc")


def run_with(agent: FakeAgent, folder: Path, path: str, response: Callable[[], httpx.Response]) -> int:
    context = agent.context(folder)

    def serve(request: httpx.Request) -> httpx.Response:
        return response() if request.url.path == path else agent._serve(request)

    return run(options(), replace(context, http=httpx.MockTransport(serve)))


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize("path", PATHS)
def test_deep_or_extreme_json_is_an_error(tmp_path: Path, path: str, status: int, body: bytes) -> None:
    agent = FakeAgent([answered("Yes.")])
    assert run_with(agent, tmp_path, path, lambda: httpx.Response(status, content=body)) == 2
    assert agent.err.getvalue().count("\n") == 1
    assert "unexpectedly" not in agent.err.getvalue()


@pytest.mark.parametrize("path", PATHS)
def test_long_response_is_an_error(tmp_path: Path, path: str) -> None:
    agent = FakeAgent([answered("Yes.")])
    assert run_with(agent, tmp_path, path, lambda: httpx.Response(200, content=b" " * 300_000)) == 2
    assert agent.err.getvalue().count("\n") == 1


@pytest.mark.parametrize("kid", [5, [], {}, ["current"], None])
def test_key_with_an_id_of_another_type_is_ignored(tmp_path: Path, kid: object) -> None:
    agent = FakeAgent([answered("Yes.")])
    agent.jwks["keys"][0]["kid"] = kid  # type: ignore[index]
    assert run(options(), agent.context(tmp_path)) == 2
    assert "not signed by a key" in agent.err.getvalue()


@pytest.mark.parametrize("depth", [50, 99, 150, 2_000])
def test_deep_data_in_an_answer_is_no_traceback(tmp_path: Path, depth: int) -> None:
    text = {"jsonrpc": "2.0", "id": "1", "result": {"task": "TASK"}}
    # json.dumps has the same limit of depth as the parser, so the text is built by hand.
    body = json.dumps(text).replace('"TASK"', json.dumps(answered("Yes.")))
    body = body.replace('"checked_at"', '"more": ' + '{"a":' * depth + "1" + "}" * depth + ', "checked_at"')
    agent = FakeAgent([httpx.Response(200, content=body.encode())])
    assert run(options(), agent.context(tmp_path)) in {0, 2}
    assert "unexpectedly" not in agent.err.getvalue()


@pytest.mark.parametrize("expires_at", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "soon"])
def test_extreme_time_of_the_code_is_shown_as_it_is(tmp_path: Path, expires_at: str) -> None:
    agent = FakeAgent([task("AUTH_REQUIRED", code="7K4QXM", expires_at=expires_at), answered("Yes.")])
    assert run(options(), agent.context(tmp_path)) == 0


@pytest.mark.parametrize("claims", [{"iat": 10**18}, {"exp": 10**18}, {"consented_at": 10**18}])
def test_statement_with_an_extreme_time_is_an_error(tmp_path: Path, claims: dict[str, Any]) -> None:
    agent = FakeAgent([answered("Yes.", attestation=statement(**claims))])
    assert run(options(), agent.context(tmp_path)) == 2
    assert "outside the years 1970 to 9999" in agent.err.getvalue()


@pytest.mark.parametrize("retry_after", ["9" * 400, "Mon, 05 Jan 99999999999999999999 09:00:30 GMT"])
def test_extreme_retry_after_is_an_outage(tmp_path: Path, retry_after: str) -> None:
    outage = httpx.Response(503, headers={"Retry-After": retry_after}, json={})
    agent = FakeAgent([APPROVAL_PENDING, outage])
    assert run(options(), agent.context(tmp_path)) == 2
    assert "not available (503)" in agent.err.getvalue()


def test_failure_that_nothing_foresees_is_an_error(tmp_path: Path) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError

    agent = FakeAgent([answered("Yes.")])
    assert run(options(), replace(agent.context(tmp_path), http=httpx.MockTransport(fail))) == 2
    assert agent.err.getvalue() == "Error: The client failed unexpectedly (ZeroDivisionError).\n"
