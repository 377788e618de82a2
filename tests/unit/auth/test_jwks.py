"""Fetching and caching the issuer's keys, over real HTTP and without redirects."""

from __future__ import annotations

import json
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given, settings
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm
from staff0.auth import JwksKeys, TokenVerifier
from staff0.errors import InvalidToken, KeysUnavailable

from tests.support.fuzzed_events import QUIETLY
from tests.support.jwks_server import JwksServer
from tests.support.token_forging import GOOD, claims, compact
from tests.support.tokens import HR_AUDIENCE, ISSUER, FakeKeys, public_jwk, sign


def test_many_tokens_cause_one_request(jwks: JwksServer) -> None:
    keys = JwksKeys(lambda: jwks.url)
    keys.refresh()
    assert [keys.find("current") is not None for _ in range(3)] == [True] * 3
    assert jwks.requests == 1


def test_unknown_key_ids_cause_one_further_request(jwks: JwksServer) -> None:
    keys = JwksKeys(lambda: jwks.url)
    assert keys.find("current") is not None
    assert [keys.find(f"unknown-{n}") for n in range(20)] == [None] * 20
    assert jwks.requests == 2


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *[(500, ""), (302, ""), (200, "<html>"), (200, "[]"), (200, '{"keys": []}'), (200, '{"keys": 1}'), (200, "")],
        *[(200, '{"keys": [{"kty": "RSA", "alg": ["RS256"]}]}'), (200, "[" * 100_000), (200, '{"keys": {"a": 1}}')],
    ],
    ids=lambda part: str(part)[:30],
)
def test_unreadable_response_raises_keys_unavailable(jwks: JwksServer, status: int, body: str) -> None:
    jwks.status, jwks.body = status, body
    with pytest.raises(KeysUnavailable):
        JwksKeys(lambda: jwks.url).find("current")
    assert jwks.requests == 1


def test_failed_request_is_repeated_after_five_seconds(jwks: JwksServer) -> None:
    passed = [0.0]
    keys = JwksKeys(lambda: jwks.url, lambda: passed[0])
    jwks.status = 503
    for n in range(20):
        with pytest.raises(KeysUnavailable):
            keys.find(f"unknown-{n}")
    assert jwks.requests == 1
    jwks.status, passed[0] = 200, 5.0
    assert keys.find("current") is not None


def test_unknown_key_ids_during_outage_cause_one_request(jwks: JwksServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cached keys stay valid meanwhile."""
    keys = JwksKeys(lambda: jwks.url, lambda: 0.0)
    keys.refresh()
    later(monkeypatch, 31)
    jwks.status = 503
    for n in range(20):
        with pytest.raises(KeysUnavailable):
            keys.find(f"unknown-{n}")
        assert keys.find("current") is not None
    assert jwks.requests == 2


def test_old_and_new_key_are_accepted_at_once_during_rotation(jwks: JwksServer) -> None:
    keys = JwksKeys(lambda: jwks.url)
    keys.refresh()
    jwks.body = json.dumps(FakeKeys(("current", "next")).jwks())
    assert keys.find("next") is not None  # although the last request was a moment ago
    assert keys.find("current") is not None
    assert jwks.requests == 2


def test_new_key_is_found_five_seconds_into_a_flood_of_unknown_keys(jwks: JwksServer) -> None:
    passed = [0.0]
    keys = JwksKeys(lambda: jwks.url, lambda: passed[0])
    keys.refresh()
    assert keys.find("unknown") is None
    jwks.body = json.dumps(FakeKeys(("current", "next")).jwks())
    for number in range(100):
        passed[0] = number / 20
        assert keys.find(f"unknown-{number}") is None
    assert keys.find("next") is None
    passed[0] = 5.0
    assert keys.find("next") is not None
    assert jwks.requests == 3


def test_refresh_is_not_limited(jwks: JwksServer) -> None:
    """Tokens that came from the issuer itself may always fetch fresh keys, also during a flood of other tokens."""
    keys = JwksKeys(lambda: jwks.url, lambda: 0.0)
    keys.refresh()
    assert keys.find("next") is None
    jwks.body = json.dumps(FakeKeys(("current", "next")).jwks())
    keys.refresh()
    assert keys.find("next") is not None


def test_withdrawn_key_is_refused_after_cache_lifetime(jwks: JwksServer, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = JwksKeys(lambda: jwks.url)
    assert keys.find("current") is not None
    jwks.body = json.dumps(FakeKeys(("next",)).jwks())
    later(monkeypatch, 601)
    assert keys.find("current") is None
    assert keys.find("next") is not None


@pytest.mark.parametrize(
    "other",
    [
        {"use": "enc"},
        {"alg": "RS512"},
        {"alg": "PS256"},
        {"alg": "RSA-OAEP-256", "use": None},
        {"kty": "oct", "k": "c2VjcmV0" * 8, "alg": None, "use": None},
        {"kty": "oct", "k": "c2VjcmV0" * 8},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"n": None},
        {"kid": ["other"]},
    ],
    ids=str,
)
def test_key_for_other_use_is_ignored(jwks: JwksServer, other: dict[str, object]) -> None:
    """Even if its private half signed the token."""
    changed = public_jwk("other") | other
    jwks.body = json.dumps({"keys": [public_jwk("current"), {name: v for name, v in changed.items() if v is not None}]})
    verifier = TokenVerifier(ISSUER, HR_AUDIENCE, JwksKeys(lambda: jwks.url))
    with pytest.raises(InvalidToken):
        verifier.verify(sign(GOOD, kid="other"))
    assert verifier.verify(sign(GOOD)).subject == "auth0|john"


def test_short_key_is_refused(jwks: JwksServer) -> None:
    short = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - must be refused
    public = json.loads(RSAAlgorithm.to_jwk(short.public_key())) | {"kid": "short", "use": "sig", "alg": "RS256"}
    jwks.body = json.dumps({"keys": [public]})
    token = compact({"alg": "RS256", "typ": "JWT", "kid": "short"}, claims(), short)
    with pytest.raises(InvalidToken):
        TokenVerifier(ISSUER, HR_AUDIENCE, JwksKeys(lambda: jwks.url)).verify(token)


@settings(QUIETLY, max_examples=60)
@given(kid=st.text(st.characters(exclude_categories=()), max_size=300))
def test_odd_key_ids_cause_no_further_request(jwks: JwksServer, kid: str) -> None:
    keys = JwksKeys(lambda: jwks.url, lambda: 0.0)
    keys.refresh()
    assert keys.find("unknown") is None
    requests = jwks.requests
    for odd in (kid, f"{kid}\n", "../" + kid, "current ", "CURRENT"):
        assert keys.find(odd) is None or odd == "current"
    assert jwks.requests == requests


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Advances the clock of pyjwt, which uses the monotonic clock of the process."""
    began = time.monotonic()
    monkeypatch.setattr("jwt.jwks_client.time.monotonic", lambda: began + seconds)


def test_unreachable_issuer_raises_keys_unavailable() -> None:
    with pytest.raises(KeysUnavailable):
        JwksKeys(lambda: "http://127.0.0.1:9/jwks.json").refresh()
