from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.program import run
from tests.support.fake_agent import AGENT, SECRET, FakeAgent, answered, card, task
from tests.unit.client.test_program import ASKED, options


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_an_agent_that_is_down_is_named_with_what_to_do(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    address = f"http://127.0.0.1:{free_port()}"
    assert run(options(agent=address), replace(agent.surroundings(tmp_path), http=None)) == 2
    assert address in agent.err.getvalue()
    assert "make up" in agent.err.getvalue()


def test_a_tenant_that_is_down_is_named(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")], token_status=503)
    assert run(options(), agent.surroundings(tmp_path)) == 2
    assert "The tenant at tenant.example" in agent.err.getvalue()


def test_an_agent_that_stays_away_is_given_up_after_a_few_tries(tmp_path: Path) -> None:
    agent = FakeAgent([ASKED, httpx.Response(503, json={})])
    assert run(options(), agent.surroundings(tmp_path)) == 2
    assert agent.methods.count("GetTask") == 6


def test_a_resent_question_is_the_same_message(tmp_path: Path) -> None:
    agent = FakeAgent([httpx.Response(503, json={}), answered("Yes.")])
    assert run(options(), agent.surroundings(tmp_path)) == 0
    calls = [json.loads(request.content) for request in agent.requests if request.url.path == "/rpc"]
    assert calls[0]["params"] == calls[1]["params"]


@pytest.mark.parametrize("result", [None, 5, "x", [], {}, {"task": 5}, {"task": {"status": "x"}}, {"message": {}}])
def test_an_unreadable_answer_is_an_error_and_no_stack_trace(tmp_path: Path, result: Any) -> None:
    agent = FakeAgent([httpx.Response(200, json={"jsonrpc": "2.0", "id": "1", "result": result})])
    assert run(options(), agent.surroundings(tmp_path)) == 2
    assert agent.err.getvalue().count("\n") == 1


@pytest.mark.parametrize("body", [b"\xff\xfe", b"<html>", b"[]", b'{"skills": 5}', b'{"securitySchemes": [1]}'])
def test_an_unreadable_card_is_an_error_and_no_stack_trace(tmp_path: Path, body: bytes) -> None:
    agent = FakeAgent([answered("Yes.")])
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    assert run(options(), replace(agent.surroundings(tmp_path), http=transport)) == 2
    assert AGENT in agent.err.getvalue()


def test_a_redirect_carries_no_secret_away(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")], token_status=302)
    assert run(options(), agent.surroundings(tmp_path)) == 2
    assert {request.url.host for request in agent.requests} == {"agent.example", "tenant.example"}


def test_an_error_cannot_drive_the_terminal(tmp_path: Path) -> None:
    refused = {"jsonrpc": "2.0", "id": "1", "error": {"code": -32602, "message": "\x1b]0;owned\x07[red]no"}}
    agent = FakeAgent([httpx.Response(200, json=refused)])
    assert run(options(), agent.surroundings(tmp_path)) == 2
    assert "\x1b" not in agent.err.getvalue()
    assert "[red]no" in agent.err.getvalue()


def test_a_fault_of_the_agent_is_told_on_stderr(tmp_path: Path) -> None:
    agent = FakeAgent([task("FAILED", "The tenant is down.", reason="tenant_unavailable")])
    run(options(), agent.surroundings(tmp_path))
    assert agent.err.getvalue() == "Error: The tenant is down. (tenant_unavailable)\n"


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        (FakeAgent([answered("Yes.")], card=card(name="Another")), "bad_card"),
        (FakeAgent([answered("Yes.")], token_status=401), "tenant_refused"),
        (FakeAgent([httpx.Response(403, json={})]), "not_authorized"),
    ],
)
def test_a_program_reads_why_there_is_no_answer(tmp_path: Path, agent: FakeAgent, reason: str) -> None:
    run(options(json=True), agent.surroundings(tmp_path))
    told = json.loads(agent.out.getvalue())
    assert (told["reason"], told["state"], told["employee_active"]) == (reason, None, None)
    assert told["error"]


def test_a_broken_stack_file_is_named_and_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / ".local" / "stack.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"agent_url": 5, "clients": {"acme": {"client_secret": SECRET}}}))
    agent = FakeAgent([answered("Yes.")])
    assert run(options(), agent.surroundings(tmp_path / "below")) == 2
    assert str(file) in agent.err.getvalue()
    assert SECRET not in agent.err.getvalue()


def test_a_newcomer_without_a_stack_is_told_how_to_get_one(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    assert run(options(agent=None), agent.surroundings(tmp_path)) == 2
    assert "make up" in agent.err.getvalue()
