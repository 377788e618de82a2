"""Runs of the client: exit codes, output, retries, and where secrets are sent."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from client.arguments import parse
from client.program import run
from tests.support.client_options import QUESTION, options
from tests.support.fake_agent import APPROVAL_PENDING, SECRET, FakeAgent, Json, answered, card, task


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (answered("Yes."), 0),
        (answered("Yes.", matches=None), 0),
        (answered("No.", active=False), 1),
        (answered("No.", matches=False), 1),
        (answered("Yes.", confirmed=False), 1),
        (answered("Yes.", confirmed=None), 1),
        (answered("No.", active=False, confirmed=True), 1),
        (answered("No.", matches=False, confirmed=True), 1),
        (task("REJECTED", "Denied.", reason="denied"), 1),
        (task("CANCELED", "Canceled."), 1),
        (task("FAILED", "Not confirmed.", reason="not_confirmed"), 1),
        (task("FAILED", "Down.", reason="tenant_unavailable"), 2),
        (task("INPUT_REQUIRED", "Whose address?"), 1),
    ],
)
def test_exit_code(tmp_path: Path, ending: Json, code: int) -> None:
    agent = FakeAgent([APPROVAL_PENDING, ending])
    assert run(options(), agent.context(tmp_path)) == code


def test_terminal_shows_code_and_answer(tmp_path: Path) -> None:
    agent = FakeAgent([APPROVAL_PENDING, APPROVAL_PENDING, answered("Yes, John Doe is an active employee of Staff0.")])
    run(options(), agent.context(tmp_path))
    shown = agent.out.getvalue()
    assert "7K4QXM" in shown
    assert shown.count("AUTH_REQUIRED") == 1
    assert "Yes, John Doe is an active employee of Staff0." in shown


def test_code_is_read_from_the_extension(tmp_path: Path) -> None:
    approval = {"code": "EXT234", "expires_at": "2026-01-05T09:01:00Z"}
    pending = task("AUTH_REQUIRED", "Waiting.", code="OLD234")
    pending["status"]["message"]["metadata"]["https://staff0/a2a/approval/v1"] = approval
    agent = FakeAgent([pending, answered("Yes.")])
    assert run(options(json=True), agent.context(tmp_path)) == 0
    assert json.loads(agent.out.getvalue())["code"] == "EXT234"


@pytest.mark.parametrize("approval", ["text", 3, None, [], {"code": {"nested": 1}}])
def test_strange_approval_is_not_shown(tmp_path: Path, approval: object) -> None:
    pending = task("AUTH_REQUIRED", "Waiting.")
    pending["status"]["message"]["metadata"]["https://staff0/a2a/approval/v1"] = approval
    agent = FakeAgent([pending, answered("Yes.")])
    assert run(options(json=True), agent.context(tmp_path)) == 0
    assert json.loads(agent.out.getvalue())["code"] is None


def test_polling_delay_is_2_to_5_seconds(tmp_path: Path) -> None:
    agent = FakeAgent([APPROVAL_PENDING] * 20 + [answered("Yes.")])
    run(options(), agent.context(tmp_path))
    assert min(agent.naps) >= 2
    assert max(agent.naps) <= 5


def test_json_report_on_stdout_and_progress_on_stderr(tmp_path: Path) -> None:
    agent = FakeAgent([APPROVAL_PENDING, answered("Yes.")])
    run(options(json=True), agent.context(tmp_path))
    report = json.loads(agent.out.getvalue())
    assert (report["confirmed"], report["employee_active"]) == (True, True)
    assert (report["state"], report["code"], report["task_id"]) == ("COMPLETED", "7K4QXM", "t1")
    assert [step["state"] for step in report["states"]] == ["AUTH_REQUIRED", "COMPLETED"]
    assert "AUTH_REQUIRED" in agent.err.getvalue()


def test_answer_is_sanitised(tmp_path: Path) -> None:
    agent = FakeAgent([answered("\x1b[2J[bold]Yes\x1b]0;owned\x07")])
    run(options(), agent.context(tmp_path))
    shown = agent.out.getvalue()
    assert "\x1b" not in shown
    assert "[bold]Yes" in shown


def test_retry_after_is_respected(tmp_path: Path) -> None:
    outage = httpx.Response(503, headers={"Retry-After": "7"}, json={})
    agent = FakeAgent([APPROVAL_PENDING, outage, answered("Yes.")])
    assert run(options(), agent.context(tmp_path)) == 0
    assert 7 in agent.naps


def test_secret_is_not_sent_to_unlisted_host(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    assert run(options(token_hosts=("other.example",)), agent.context(tmp_path)) == 2
    assert "idp.example" in agent.err.getvalue()
    assert all(SECRET.encode() not in request.content for request in agent.requests)


def test_token_is_not_sent_to_interface_of_another_origin(tmp_path: Path) -> None:
    elsewhere = {"url": "https://evil.example/rpc", "protocolBinding": "JSONRPC", "protocolVersion": "1.0"}
    agent = FakeAgent([answered("Yes.")], card=card(supportedInterfaces=[elsewhere]))
    assert run(options(), agent.context(tmp_path)) == 2
    assert {request.url.host for request in agent.requests} == {"agent.example"}


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (FakeAgent([answered("Yes.")], card=card(name="Another agent")), "Another agent"),
        (FakeAgent([answered("Yes.")], token_status=401), "gave no token"),
        (FakeAgent([httpx.Response(401, json={})]), "401"),
        (FakeAgent([httpx.Response(403, json={})]), "403"),
        (FakeAgent([httpx.Response(413, json={})]), "The question is longer than the agent at https://agent.example"),
    ],
)
def test_error_is_one_line(tmp_path: Path, agent: FakeAgent, expected: str) -> None:
    assert run(options(), agent.context(tmp_path)) == 2
    message = agent.err.getvalue()
    assert expected in message
    assert message.count("\n") == 1
    assert SECRET not in message


def test_timeout_cancels_task(tmp_path: Path) -> None:
    agent = FakeAgent([APPROVAL_PENDING, APPROVAL_PENDING, APPROVAL_PENDING, task("CANCELED", "Canceled.")])
    assert run(options(timeout_seconds=4.0), agent.context(tmp_path)) == 1
    assert agent.methods[-1] == "CancelTask"


def test_secret_is_not_an_option() -> None:
    with pytest.raises(SystemExit):
        parse([QUESTION, "--client-secret", "x"])
