"""The signed statement of an answer is verified and shown; with an invalid one the answer is an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jwt
import pytest

from client.program import run
from client.statement import EXTENSION
from tests.support.client_options import options
from tests.support.fake_agent import FakeAgent, answered, card, task
from tests.support.statements import NOW, jwks, statement, webhook_jwk, webhook_key


def reported(attestation: str | None, folder: Path) -> tuple[int, dict[str, Any]]:
    agent = FakeAgent([answered("Yes.", attestation=attestation)])
    code = run(options(json=True), agent.context(folder))
    return code, json.loads(agent.out.getvalue())


def test_statement_by_the_key_of_webhooks_is_refused(tmp_path: Path) -> None:
    """The function with that key calls strangers' servers: broken into, it must not be able to forge a statement."""
    claims = jwt.decode(statement(), options={"verify_signature": False})
    header = {"typ": "employment-attestation+jwt", "kid": "webhooks"}
    forged = jwt.encode(claims, webhook_key(), algorithm="RS256", headers=header)
    agent = FakeAgent([answered("Yes.", attestation=forged)], jwks={"keys": [*jwks()["keys"], webhook_jwk()]})
    assert run(options(), agent.context(tmp_path)) == 2
    assert "its key is not published" in agent.err.getvalue()


def test_verified_statement_is_shown(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.", attestation=statement())])
    assert run(options(), agent.context(tmp_path)) == 0
    shown = agent.out.getvalue()
    assert "Signed statement verified: by https://agent.example, valid until 2026-01-06 00:00:00 UTC." in shown
    assert "eyJ" not in shown


def test_json_report_holds_statement(tmp_path: Path) -> None:
    token = statement()
    code, report = reported(token, tmp_path)
    assert (code, report["attestation"], report["attestation_verified"]) == (0, token, True)
    assert report["answer"] == "Yes."


def test_answer_without_statement_is_valid(tmp_path: Path) -> None:
    code, report = reported(None, tmp_path)
    assert (code, report["attestation"], report["attestation_verified"]) == (0, None, None)


DECLARED = card(capabilities={"extensions": [{"uri": EXTENSION}]})


@pytest.mark.parametrize("active", [True, False])
def test_answer_without_the_declared_statement_is_not_confirmed(tmp_path: Path, active: bool) -> None:
    agent = FakeAgent([answered("Yes.", active=active)], card=DECLARED)
    assert run(options(), agent.context(tmp_path)) == 1
    assert "this answer has none: not confirmed" in agent.err.getvalue()


def test_json_report_says_that_the_declared_statement_is_missing(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")], card=DECLARED)
    assert run(options(json=True), agent.context(tmp_path)) == 1
    report = json.loads(agent.out.getvalue())
    assert (report["reason"], report["attestation_verified"]) == ("missing_statement", False)
    assert "not confirmed" in report["error"]


def test_answer_with_the_declared_statement_is_confirmed(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.", attestation=statement())], card=DECLARED)
    assert run(options(), agent.context(tmp_path)) == 0


@pytest.mark.parametrize("state", ["REJECTED", "CANCELED"])
def test_task_without_an_answer_needs_no_statement(tmp_path: Path, state: str) -> None:
    agent = FakeAgent([task(state, "No.")], card=DECLARED)
    assert run(options(), agent.context(tmp_path)) == 1
    assert agent.err.getvalue() == ""


def test_details_of_the_answer_are_those_of_the_statement(tmp_path: Path) -> None:
    token = statement(facts=["employment_status", "start_date"], start_date="2020-02-29")
    agent = FakeAgent(
        [answered("Yes.", attestation=token, facts=["employment_status", "start_date"], start_date="2020-02-29")]
    )
    assert run(options(json=True), agent.context(tmp_path)) == 0
    report = json.loads(agent.out.getvalue())
    assert report["facts"] == ["employment_status", "start_date"]
    assert report["details"] == {"start_date": "2020-02-29"}


@pytest.mark.parametrize(
    "claims",
    [
        {"employee_active": False},
        {"name_matches": False},
        {"name_matches": None},
        {"facts": ["start_date"], "start_date": "2020-02-29"},
    ],
)
def test_statement_that_contradicts_the_answer_is_an_error(tmp_path: Path, claims: dict[str, Any]) -> None:
    code, report = reported(statement(**claims), tmp_path)
    assert (code, report["reason"]) == (2, "bad_statement")
    assert "something else than the answer" in report["error"]


@pytest.mark.parametrize(
    ("token", "flaw"),
    [
        (statement(iss="https://evil.example"), "another agent issued it"),
        (statement(iss=None), "MissingRequiredClaim"),
        (statement(aud="globex"), "another client"),
        (statement(task_id="t2"), "another task"),
        (statement(exp=NOW), "it expired at 2026-01-05 00:00:00 UTC"),
        (statement(exp=None), "claims are not those"),
        (statement(employee_active="yes"), "claims are not those"),
        (statement(consented_at=None), "claims are not those"),
        (statement(typ="at+jwt"), "another type"),
        (statement("forger"), "its key is not published at https://agent.example/.well-known/jwks.json"),
        (statement().rsplit(".", 1)[0] + "." + statement(jti="other").rsplit(".", 1)[1], "signature"),
        (
            jwt.encode(
                {"iss": "x"},
                "k" * 32,
                algorithm="HS256",
                headers={"typ": "employment-attestation+jwt", "kid": "current"},
            ),
            "cannot be decoded",
        ),
        ("not a JWT\x1b[2J", "cannot be decoded"),
        ("", "cannot be decoded"),
    ],
)
def test_invalid_statement_is_an_error(tmp_path: Path, token: str, flaw: str) -> None:
    agent = FakeAgent([answered("Yes.", attestation=token)])
    assert run(options(), agent.context(tmp_path)) == 2
    assert flaw in agent.err.getvalue()
    assert "\x1b" not in agent.err.getvalue() + agent.out.getvalue()
    assert "verified:" not in agent.out.getvalue()
    code, report = reported(token, tmp_path)
    assert (code, report["attestation_verified"], report["reason"]) == (2, False, "bad_statement")
    assert flaw in report["error"]
