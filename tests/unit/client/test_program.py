from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from client.arguments import Options, parse
from client.program import run
from tests.support.fake_agent import AGENT, SECRET, FakeAgent, Json, answered, card, task

QUESTION = "Does John Doe with email jdoe@staff0.com work at Staff0?"
ASKED = task("AUTH_REQUIRED", "Waiting.", code="7K4QXM", expires_at="2026-01-05T09:01:00Z")


def options(**changes: object) -> Options:
    given: Json = {"question": QUESTION, "agent": AGENT, "token_hosts": ("tenant.example",), **changes}
    return Options(**given)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (answered("Yes."), 0),
        (answered("Yes.", matches=None), 0),
        (answered("No.", active=False), 1),
        (answered("No.", matches=False), 1),
        (task("REJECTED", "Denied.", reason="denied"), 1),
        (task("CANCELED", "Canceled."), 1),
        (task("FAILED", "Not confirmed.", reason="not_confirmed"), 1),
        (task("FAILED", "Down.", reason="tenant_unavailable"), 2),
        (task("INPUT_REQUIRED", "Whose address?"), 1),
    ],
)
def test_a_script_learns_the_ending_from_the_exit_code(tmp_path: Path, ending: Json, code: int) -> None:
    agent = FakeAgent([ASKED, ending])
    assert run(options(), agent.surroundings(tmp_path)) == code


def test_a_person_sees_the_code_to_compare_and_the_answer(tmp_path: Path) -> None:
    agent = FakeAgent([ASKED, ASKED, answered("Yes, John Doe is an active employee of Staff0.")])
    run(options(), agent.surroundings(tmp_path))
    shown = agent.out.getvalue()
    assert "7K4QXM" in shown
    assert shown.count("AUTH_REQUIRED") == 1
    assert "Yes, John Doe is an active employee of Staff0." in shown


def test_waiting_does_not_hammer(tmp_path: Path) -> None:
    agent = FakeAgent([ASKED] * 20 + [answered("Yes.")])
    run(options(), agent.surroundings(tmp_path))
    assert min(agent.naps) >= 2
    assert max(agent.naps) <= 5


def test_json_is_one_object_on_stdout_and_progress_elsewhere(tmp_path: Path) -> None:
    agent = FakeAgent([ASKED, answered("Yes.")])
    run(options(json=True), agent.surroundings(tmp_path))
    report = json.loads(agent.out.getvalue())
    assert report["employee_active"] is True
    assert (report["state"], report["code"], report["task_id"]) == ("COMPLETED", "7K4QXM", "t1")
    assert [step["state"] for step in report["states"]] == ["AUTH_REQUIRED", "COMPLETED"]
    assert "AUTH_REQUIRED" in agent.err.getvalue()


def test_what_an_agent_says_cannot_drive_the_terminal(tmp_path: Path) -> None:
    agent = FakeAgent([answered("\x1b[2J[bold]Yes\x1b]0;owned\x07")])
    run(options(), agent.surroundings(tmp_path))
    shown = agent.out.getvalue()
    assert "\x1b" not in shown
    assert "[bold]Yes" in shown


def test_an_outage_in_between_is_waited_out(tmp_path: Path) -> None:
    outage = httpx.Response(503, headers={"Retry-After": "7"}, json={})
    agent = FakeAgent([ASKED, outage, answered("Yes.")])
    assert run(options(), agent.surroundings(tmp_path)) == 0
    assert 7 in agent.naps


def test_no_secret_goes_to_a_host_that_is_not_on_the_list(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    assert run(options(token_hosts=("other.example",)), agent.surroundings(tmp_path)) == 2
    assert "tenant.example" in agent.err.getvalue()
    assert all(SECRET.encode() not in request.content for request in agent.requests)


def test_no_token_goes_to_an_interface_elsewhere(tmp_path: Path) -> None:
    elsewhere = {"url": "https://evil.example/rpc", "protocolBinding": "JSONRPC", "protocolVersion": "1.0"}
    agent = FakeAgent([answered("Yes.")], card=card(supportedInterfaces=[elsewhere]))
    assert run(options(), agent.surroundings(tmp_path)) == 2
    assert {request.url.host for request in agent.requests} == {"agent.example"}


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (FakeAgent([answered("Yes.")], card=card(name="Another agent")), "Another agent"),
        (FakeAgent([answered("Yes.")], token_status=401), "gave no token"),
        (FakeAgent([httpx.Response(401, json={})]), "401"),
        (FakeAgent([httpx.Response(403, json={})]), "403"),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(tmp_path: Path, agent: FakeAgent, told: str) -> None:
    assert run(options(), agent.surroundings(tmp_path)) == 2
    message = agent.err.getvalue()
    assert told in message
    assert message.count("\n") == 1
    assert SECRET not in message


def test_what_is_not_answered_in_time_is_canceled_at_the_agent(tmp_path: Path) -> None:
    agent = FakeAgent([ASKED, ASKED, ASKED, task("CANCELED", "Canceled.")])
    assert run(options(timeout_seconds=4.0), agent.surroundings(tmp_path)) == 1
    assert agent.methods[-1] == "CancelTask"


def test_the_secret_is_no_option_of_the_command_line() -> None:
    with pytest.raises(SystemExit):
        parse([QUESTION, "--client-secret", "x"])
