"""Errors of the client's runs: one line on stderr with advice, and no secret in it."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.program import run
from tests.support.client_options import options
from tests.support.fake_agent import AGENT, APPROVAL_PENDING, SECRET, FakeAgent, answered, card, task


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_unreachable_agent_is_named_with_advice(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    address = f"http://127.0.0.1:{free_port()}"
    assert run(options(agent=address), replace(agent.context(tmp_path), http=None)) == 2
    assert address in agent.err.getvalue()
    assert "make up" in agent.err.getvalue()


def test_unavailable_identity_provider_is_named(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")], token_status=503)
    assert run(options(), agent.context(tmp_path)) == 2
    assert "The identity provider at idp.example" in agent.err.getvalue()


def test_polling_ends_after_max_retries(tmp_path: Path) -> None:
    agent = FakeAgent([APPROVAL_PENDING, httpx.Response(503, json={})])
    assert run(options(), agent.context(tmp_path)) == 2
    assert agent.methods.count("GetTask") == 6


def test_retry_sends_same_message(tmp_path: Path) -> None:
    agent = FakeAgent([httpx.Response(503, json={}), answered("Yes.")])
    assert run(options(), agent.context(tmp_path)) == 0
    calls = [json.loads(request.content) for request in agent.requests if request.url.path == "/rpc"]
    assert calls[0]["params"] == calls[1]["params"]


@pytest.mark.parametrize("result", [None, 5, "x", [], {}, {"task": 5}, {"task": {"status": "x"}}, {"message": {}}])
def test_invalid_result_is_one_line_error(tmp_path: Path, result: Any) -> None:
    agent = FakeAgent([httpx.Response(200, json={"jsonrpc": "2.0", "id": "1", "result": result})])
    assert run(options(), agent.context(tmp_path)) == 2
    assert agent.err.getvalue().count("\n") == 1


@pytest.mark.parametrize("body", [b"\xff\xfe", b"<html>", b"[]", b'{"skills": 5}', b'{"securitySchemes": [1]}'])
def test_invalid_card_is_error_with_agent_url(tmp_path: Path, body: bytes) -> None:
    agent = FakeAgent([answered("Yes.")])
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    assert run(options(), replace(agent.context(tmp_path), http=transport)) == 2
    assert AGENT in agent.err.getvalue()


@pytest.mark.parametrize("body", [b"null", b"[]", b"1e999", b"<html>"])
def test_document_that_is_no_card_is_called_so(tmp_path: Path, body: bytes) -> None:
    agent = FakeAgent([answered("Yes.")])
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    run(options(), replace(agent.context(tmp_path), http=transport))
    assert "is not an agent card" in agent.err.getvalue()


def test_redirect_of_token_request_is_not_followed(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")], token_status=302)
    assert run(options(), agent.context(tmp_path)) == 2
    assert {request.url.host for request in agent.requests} == {"agent.example", "idp.example"}


def test_error_text_is_sanitised(tmp_path: Path) -> None:
    refused = {"jsonrpc": "2.0", "id": "1", "error": {"code": -32602, "message": "\x1b]0;owned\x07[red]no"}}
    agent = FakeAgent([httpx.Response(200, json=refused)])
    assert run(options(), agent.context(tmp_path)) == 2
    assert "\x1b" not in agent.err.getvalue()
    assert "[red]no" in agent.err.getvalue()


def test_failed_task_is_printed_to_stderr(tmp_path: Path) -> None:
    agent = FakeAgent([task("FAILED", "The identity provider is down.", reason="tenant_unavailable")])
    run(options(), agent.context(tmp_path))
    assert agent.err.getvalue() == "Error: The identity provider is down. (tenant_unavailable)\n"


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        (FakeAgent([answered("Yes.")], card=card(name="Another")), "bad_card"),
        (FakeAgent([answered("Yes.")], token_status=401), "tenant_refused"),
        (FakeAgent([httpx.Response(403, json={})]), "not_authorized"),
    ],
)
def test_json_report_has_error_code(tmp_path: Path, agent: FakeAgent, reason: str) -> None:
    run(options(json=True), agent.context(tmp_path))
    report = json.loads(agent.out.getvalue())
    assert (report["reason"], report["state"], report["employee_active"]) == (reason, None, None)
    assert report["error"]


def test_invalid_stack_file_is_named_but_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / ".local" / "stack.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"agent_url": 5, "clients": {"acme": {"client_secret": SECRET}}}))
    agent = FakeAgent([answered("Yes.")])
    assert run(options(), agent.context(tmp_path)) == 2
    assert str(file) in agent.err.getvalue()
    assert SECRET not in agent.err.getvalue()


def test_missing_stack_mentions_make_up(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    assert run(options(agent=None), agent.context(tmp_path)) == 2
    assert "make up" in agent.err.getvalue()
