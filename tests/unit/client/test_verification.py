"""`python -m client.verify`: an auditor checks a statement without asking the caller."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest

from client.verification import Environment, main
from tests.support.statement_auditor import DEEP, Auditor
from tests.support.statements import ISSUER, KEYS, NOW, key, statement


def test_valid_statement_is_described(auditor: Auditor) -> None:
    assert auditor.run(statement(), "--issuer", ISSUER) == 0
    output = auditor.out.getvalue()
    assert output.startswith(f"Valid. The agent at {ISSUER} states that the person asked about works at Staff0.\n")
    assert "The name that was given is right." in output
    assert "approved this request on 2026-01-04 23:59:55 UTC, with the code K7M4QX.\n" in output
    assert "SHA-256 of the id of the identity provider's token: ab12\n" in output
    assert "client me, in task t1" in output
    assert "valid until 2026-01-06 00:00:00 UTC" in output
    assert auditor.called == [KEYS]


def test_statement_of_an_older_version_has_no_code(auditor: Auditor) -> None:
    assert auditor.run(statement(consent=None), "--issuer", ISSUER) == 0
    output = auditor.out.getvalue()
    assert "approved this request on 2026-01-04 23:59:55 UTC.\n" in output
    assert "SHA-256" not in output


@pytest.mark.parametrize("change", [{"request_id": "t2"}, {"approved_at": NOW}])
def test_consent_for_another_request_is_not_valid(auditor: Auditor, change: dict[str, Any]) -> None:
    consent = {"request_id": "t1", "code": "K7M4QX", "approved_at": NOW - 5} | change
    assert auditor.run(statement(consent=consent), "--issuer", ISSUER) == 1
    assert "its consent is for another request" in auditor.out.getvalue()


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"employee_active": False}, "does not work at Staff0"),
        ({"name_matches": False}, "The name that was given is not right."),
    ],
)
def test_negative_claims_are_described(auditor: Auditor, claims: dict[str, Any], words: str) -> None:
    assert auditor.run(statement(**claims), "--issuer", ISSUER) == 0
    assert words in auditor.out.getvalue()


def test_disclosed_facts_are_described(auditor: Auditor) -> None:
    facts = ["employment_status", "start_date", "job_title"]
    token = statement(facts=facts, start_date="2020-02-29", job_title="Baker\x1b[2J")
    assert auditor.run(token, "--issuer", ISSUER) == 0
    output = auditor.out.getvalue()
    assert "Start date: 2020-02-29.\nJob title: Baker" in output
    assert "The person agreed to disclose: employment status, start date, job title." in output
    assert "\x1b" not in output


def test_absent_name_is_not_mentioned(auditor: Auditor) -> None:
    auditor.run(statement(name_matches=None), "--issuer", ISSUER)
    assert "name" not in auditor.out.getvalue()


def test_base64_of_an_answer_is_accepted(auditor: Auditor) -> None:
    assert auditor.run(base64.b64encode(statement().encode()).decode(), "--issuer", ISSUER) == 0
    assert auditor.run(base64.b64encode(b"\xff\xfe").decode(), "--issuer", ISSUER) == 1


@pytest.mark.parametrize("arguments", [["-"], []])
def test_statement_is_read_from_stdin(tmp_path: Path, arguments: list[str]) -> None:
    assert Auditor(tmp_path, typed=f"{statement()}\n").run(*arguments, "--issuer", f"{ISSUER}/") == 0


def test_default_issuer_is_local_agent(auditor: Auditor) -> None:
    file = auditor.folder / ".local" / "stack.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"agent_url": ISSUER, "issuer": "http://127.0.0.1:1/", "agent_audience": "x"}))
    assert auditor.run(statement()) == 0
    assert auditor.run(statement(iss="https://other.example")) == 1


@pytest.mark.parametrize(
    "token",
    [
        statement(iss="https://evil.example"),
        statement(exp=NOW - 1),
        statement("forger"),
        statement(typ="JWT"),
        "not a JWT\x1b[2J",
    ],
)
def test_invalid_statement_is_reported(auditor: Auditor, token: str) -> None:
    assert auditor.run(token, "--issuer", ISSUER) == 1
    assert auditor.out.getvalue().startswith("Not valid: ")
    assert "\x1b" not in auditor.out.getvalue()
    assert auditor.called == [KEYS]  # the keys of the --issuer, not those of the statement's issuer


@pytest.mark.parametrize("claims", [{"exp": 10**18}, {"iat": -(10**18)}, {"consented_at": 10**18}])
def test_extreme_time_means_cannot_tell(auditor: Auditor, claims: dict[str, Any]) -> None:
    assert auditor.run(statement(**claims), "--issuer", ISSUER) == 2
    assert auditor.err.getvalue().startswith("Cannot tell.")


def test_deep_header_is_not_valid(auditor: Auditor) -> None:
    header = base64.urlsafe_b64encode(DEEP.encode()).decode().rstrip("=")
    assert auditor.run(f"{header}.e30.e30", "--issuer", ISSUER) == 1


def test_deep_claims_are_not_valid(auditor: Auditor) -> None:
    token = jwt.PyJWS().encode(
        b'{"iss":' + DEEP.encode() + b"}",
        key("current"),
        algorithm="ES256",
        headers={"kid": "current", "typ": "employment-attestation+jwt"},
    )
    assert auditor.run(token, "--issuer", ISSUER) == 1


def test_input_that_is_no_text_means_cannot_tell(tmp_path: Path) -> None:
    auditor = Auditor(tmp_path)
    stdin = io.TextIOWrapper(io.BytesIO(b"\xff\xfe"), encoding="utf-8")
    environment = Environment(tmp_path, stdin, auditor.out, auditor.err, lambda: datetime.fromtimestamp(NOW, UTC))
    assert main(["-", "--issuer", ISSUER], environment) == 2


def with_claims(token: str, change: dict[str, Any]) -> str:
    """The statement with other claims, and its signature."""
    head, claims, signature = token.split(".")
    read = json.loads(base64.urlsafe_b64decode(f"{claims}=="))
    written = base64.urlsafe_b64encode(json.dumps(read | change).encode()).decode().rstrip("=")
    return f"{head}.{written}.{signature}"


@pytest.mark.parametrize(
    "change",
    [
        {"facts": ["employment_status"]},
        {"facts": ["employment_status", "start_date", "salary"], "salary": "1"},
        {"start_date": "1999-01-01"},
        {"employee_active": False},
        {"consented_at": NOW},
    ],
)
def test_changed_facts_are_not_valid(auditor: Auditor, copy: str, change: dict[str, Any]) -> None:
    token = statement(facts=["employment_status", "start_date"], start_date="2021-03-01")
    assert auditor.run(token, "--issuer", ISSUER, "--jwks", copy) == 0
    assert auditor.run(with_claims(token, change), "--issuer", ISSUER, "--jwks", copy) == 1
    assert "its signature does not match its key" in auditor.out.getvalue()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--jwks", "https://archive.example/2026.json"],
        ["--issuer", "http://agent.example"],
        ["--issuer", "agent.example"],
        ["--jwks", "http://agent.example/.well-known/jwks.json"],
    ],
)
def test_missing_issuer_is_usage_error(auditor: Auditor, arguments: list[str]) -> None:
    assert auditor.run(statement(), *arguments) == 2
    assert auditor.called == []
    assert "--issuer" in auditor.err.getvalue() or "--jwks" in auditor.err.getvalue()


@pytest.mark.parametrize(("argument", "typed"), [("", ""), (" ", ""), ("-", ""), ("-", "\n")])
def test_empty_statement_is_not_judged(auditor: Auditor, argument: str, typed: str) -> None:
    """An unset variable of a shell is not an invalid statement."""
    auditor.typed = typed
    assert auditor.run(argument, "--issuer", ISSUER) == 2
    assert auditor.err.getvalue() == "Cannot tell. The statement is empty.\n"
    assert auditor.called == []
