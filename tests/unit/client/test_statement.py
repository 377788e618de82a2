"""The answer's signed statement is verified and shown, and a false one undoes the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jwt
import pytest

from client.program import run
from tests.support.fake_agent import FakeAgent, answered
from tests.support.statements import NOW, statement
from tests.unit.client.test_program import options


def reported(attestation: str | None, folder: Path) -> tuple[int, dict[str, Any]]:
    agent = FakeAgent([answered("Yes.", attestation=attestation)])
    code = run(options(json=True), agent.surroundings(folder))
    return code, json.loads(agent.out.getvalue())


def test_a_person_sees_that_it_was_verified(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.", attestation=statement())])
    assert run(options(), agent.surroundings(tmp_path)) == 0
    shown = agent.out.getvalue()
    assert "Signed statement verified: by https://agent.example, valid until 2026-01-06 00:00:00 UTC." in shown
    assert "eyJ" not in shown


def test_a_program_gets_the_statement_to_keep(tmp_path: Path) -> None:
    token = statement()
    code, report = reported(token, tmp_path)
    assert (code, report["attestation"], report["attestation_verified"]) == (0, token, True)
    assert report["answer"] == "Yes."


def test_an_answer_without_a_statement_is_an_answer(tmp_path: Path) -> None:
    code, report = reported(None, tmp_path)
    assert (code, report["attestation"], report["attestation_verified"]) == (0, None, None)


@pytest.mark.parametrize(
    ("token", "flaw"),
    [
        (statement(iss="https://evil.example"), "another agent issued it"),
        (statement(iss=None), "MissingRequiredClaim"),
        (statement(aud="globex"), "another client"),
        (statement(task_id="t2"), "another task"),
        (statement(exp=NOW), "it was valid until 2026-01-05 00:00:00 UTC"),
        (statement(exp=None), "claims are not those"),
        (statement(employee_active="yes"), "claims are not those"),
        (statement(consented_at=None), "claims are not those"),
        (statement(typ="at+jwt"), "another type"),
        (statement("forger"), "its key is none of https://agent.example/.well-known/jwks.json"),
        (statement().rsplit(".", 1)[0] + "." + statement(jti="other").rsplit(".", 1)[1], "signature"),
        (
            jwt.encode(
                {"iss": "x"},
                "k" * 32,
                algorithm="HS256",
                headers={"typ": "employment-attestation+jwt", "kid": "current"},
            ),
            "cannot be read",
        ),
        ("no statement at all\x1b[2J", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_a_statement_that_does_not_hold_undoes_the_answer(tmp_path: Path, token: str, flaw: str) -> None:
    agent = FakeAgent([answered("Yes.", attestation=token)])
    assert run(options(), agent.surroundings(tmp_path)) == 2
    assert flaw in agent.err.getvalue()
    assert "\x1b" not in agent.err.getvalue() + agent.out.getvalue()
    assert "verified:" not in agent.out.getvalue()
    code, report = reported(token, tmp_path)
    assert (code, report["attestation_verified"], report["reason"]) == (2, False, "bad_statement")
    assert flaw in report["error"]
