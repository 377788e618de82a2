"""The keys for `python -m client.verify`: fetched from the agent, pinned, or read from a copy."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from jwt import PyJWK

from client.key_pins import thumbprint
from tests.support.statement_auditor import DEEP, Auditor
from tests.support.statements import ISSUER, KEYS, jwks, statement


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404),
        httpx.Response(200, text="<p>"),
        httpx.Response(200, text=DEEP),
        httpx.Response(200, text=" " * 300_000),
        httpx.Response(200, json={"keys": [{"kty": "EC", "kid": ["x"]}, 5]}),
        httpx.ConnectError,
    ],
    ids=["absent", "html", "deep", "long", "other types", "unreachable"],
)
def test_missing_keys_mean_cannot_tell(tmp_path: Path, answer: httpx.Response | type[httpx.TransportError]) -> None:
    auditor = Auditor(tmp_path, answer=answer)
    assert auditor.run(statement(), "--issuer", ISSUER) == 2
    assert auditor.err.getvalue().startswith("Cannot tell.")
    assert auditor.out.getvalue() == ""


def test_issuer_is_derived_from_well_known_jwks_url(auditor: Auditor) -> None:
    assert auditor.run(statement(), "--jwks", KEYS) == 0
    assert auditor.run(statement(iss="https://evil.example"), "--jwks", KEYS) == 1


def test_jwks_option_overrides_issuer_keys(auditor: Auditor) -> None:
    assert auditor.run(statement(), "--issuer", ISSUER, "--jwks", "https://archive.example/2026.json") == 0
    assert auditor.called == ["https://archive.example/2026.json"]


def test_statement_of_the_pinned_key_is_valid(auditor: Auditor) -> None:
    assert auditor.run(statement(), "--issuer", ISSUER, "--agent-key", thumbprint(PyJWK(jwks()["keys"][0]))) == 0


def test_statement_of_another_key_than_the_pinned_one_is_not_valid(tmp_path: Path) -> None:
    auditor = Auditor(tmp_path, answer=httpx.Response(200, json=jwks("current", "other")))
    pin = thumbprint(PyJWK(jwks("current")["keys"][0]))
    assert auditor.run(statement("other"), "--issuer", ISSUER, "--agent-key", pin) == 1
    assert (
        auditor.out.getvalue() == "Not valid: its key is not pinned, as the agent's key for statements must be too.\n"
    )


def test_missing_pinned_key_means_cannot_tell(auditor: Auditor) -> None:
    assert auditor.run(statement(), "--issuer", ISSUER, "--agent-key", "a" * 43) == 2
    assert "--agent-key" in auditor.err.getvalue()


def test_copy_of_the_keys_needs_no_network(auditor: Auditor, copy: str) -> None:
    assert auditor.run(statement(), "--issuer", ISSUER, "--jwks", copy) == 0
    assert auditor.run(statement("forger"), "--issuer", ISSUER, "--jwks", copy) == 1
    assert auditor.run(statement(iss="https://evil.example"), "--issuer", ISSUER, "--jwks", copy) == 1
    assert auditor.called == []


@pytest.mark.parametrize("content", ["<p>", DEEP, None], ids=["html", "deep", "absent"])
def test_copy_that_holds_no_keys_means_cannot_tell(auditor: Auditor, content: str | None) -> None:
    file = auditor.folder / "copy.json"
    if content is not None:
        file.write_text(content)
    assert auditor.run(statement(), "--issuer", ISSUER, "--jwks", str(file)) == 2
    assert auditor.err.getvalue().startswith("Cannot tell. The ")


def test_copy_of_the_keys_names_no_issuer(auditor: Auditor, copy: str) -> None:
    assert auditor.run(statement(), "--jwks", copy) == 2
    assert "give --issuer URL too" in auditor.err.getvalue()


def test_copy_of_the_keys_is_held_to_the_pins(auditor: Auditor, copy: str) -> None:
    pin = thumbprint(PyJWK(jwks()["keys"][0]))
    assert auditor.run(statement(), "--issuer", ISSUER, "--jwks", copy, "--agent-key", pin) == 0
    assert auditor.run(statement(), "--issuer", ISSUER, "--jwks", copy, "--agent-key", "a" * 43) == 2
