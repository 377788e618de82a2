"""Keys come over real HTTP: once for many tokens, again for a new key, and never by following a redirect."""

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
from tests.support.token_forging import GOOD, claims, compact
from tests.support.tokens import HR_AUDIENCE, ISSUER, FakeKeys, public_jwk, sign
from tests.unit.auth.conftest import Jwks


def test_many_tokens_cost_one_request(jwks: Jwks) -> None:
    keys = JwksKeys(jwks.url)
    keys.load()
    assert [keys.find("current") is not None for _ in range(3)] == [True] * 3
    assert jwks.asked == 1


def test_a_flood_of_unknown_keys_does_not_flood_the_issuer(jwks: Jwks) -> None:
    keys = JwksKeys(jwks.url)
    assert [keys.find(f"stranger-{n}") for n in range(20)] == [None] * 20
    assert jwks.asked == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *[(500, ""), (302, ""), (200, "<html>"), (200, "[]"), (200, '{"keys": []}'), (200, '{"keys": 1}'), (200, "")],
        *[(200, '{"keys": [{"kty": "RSA", "alg": ["RS256"]}]}'), (200, "[" * 100_000), (200, '{"keys": {"a": 1}}')],
    ],
    ids=lambda part: str(part)[:30],
)
def test_keys_that_cannot_be_read_are_an_outage_not_a_bad_token(jwks: Jwks, status: int, body: str) -> None:
    jwks.status, jwks.body = status, body
    with pytest.raises(KeysUnavailable):
        JwksKeys(jwks.url).find("current")
    assert jwks.asked == 1


def test_an_outage_ends_when_the_issuer_is_back_and_a_flood_does_not_hold_it_down(jwks: Jwks) -> None:
    passed = [0.0]
    keys = JwksKeys(jwks.url, lambda: passed[0])
    jwks.status = 503
    for n in range(20):
        with pytest.raises(KeysUnavailable):
            keys.find(f"stranger-{n}")
    assert jwks.asked == 1
    jwks.status, passed[0] = 200, 5.0
    assert keys.find("current") is not None


def test_a_flood_of_unknown_keys_while_the_issuer_is_down_asks_once(
    jwks: Jwks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known keys are good on, as long as they are kept."""
    keys = JwksKeys(jwks.url, lambda: 0.0)
    keys.load()
    later(monkeypatch, 31)
    jwks.status = 503
    for n in range(20):
        with pytest.raises(KeysUnavailable):
            keys.find(f"stranger-{n}")
        assert keys.find("current") is not None
    assert jwks.asked == 2


def test_old_and_new_keys_are_good_while_the_issuer_changes_over(jwks: Jwks, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = JwksKeys(jwks.url)
    keys.load()
    jwks.body = json.dumps(FakeKeys(("current", "next")).jwks())
    assert keys.find("next") is None  # asked a moment ago
    later(monkeypatch, 31)
    assert keys.find("next") is not None
    assert keys.find("current") is not None
    assert jwks.asked == 2


def test_a_key_that_the_issuer_withdraws_is_believed_no_longer_than_keys_are_kept(
    jwks: Jwks, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = JwksKeys(jwks.url)
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
def test_a_key_made_for_anything_else_verifies_nothing(jwks: Jwks, other: dict[str, object]) -> None:
    """Even where the token was signed by its private half."""
    changed = public_jwk("other") | other
    jwks.body = json.dumps({"keys": [public_jwk("current"), {name: v for name, v in changed.items() if v is not None}]})
    verifier = TokenVerifier(ISSUER, HR_AUDIENCE, JwksKeys(jwks.url))
    with pytest.raises(InvalidToken):
        verifier.verify(sign(GOOD, kid="other"))
    assert verifier.verify(sign(GOOD)).subject == "auth0|john"


def test_a_key_too_short_to_be_safe_verifies_nothing(jwks: Jwks) -> None:
    short = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the point of it
    public = json.loads(RSAAlgorithm.to_jwk(short.public_key())) | {"kid": "short", "use": "sig", "alg": "RS256"}
    jwks.body = json.dumps({"keys": [public]})
    token = compact({"alg": "RS256", "typ": "JWT", "kid": "short"}, claims(), short)
    with pytest.raises(InvalidToken):
        TokenVerifier(ISSUER, HR_AUDIENCE, JwksKeys(jwks.url)).verify(token)


@settings(QUIETLY, max_examples=60)
@given(kid=st.text(st.characters(exclude_categories=()), max_size=300))
def test_whatever_a_key_is_called_costs_no_request_of_its_own(jwks: Jwks, kid: str) -> None:
    keys = JwksKeys(jwks.url, lambda: 0.0)
    assert keys.find(kid) is None or kid == "current"
    asked = jwks.asked
    for odd in (kid, f"{kid}\n", "../" + kid, "current ", "CURRENT"):
        assert keys.find(odd) is None or odd == "current"
    assert jwks.asked == asked


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """For pyjwt, which goes by the clock of the process."""
    began = time.monotonic()
    monkeypatch.setattr("jwt.jwks_client.time.monotonic", lambda: began + seconds)


def test_an_issuer_that_is_gone_is_an_outage() -> None:
    with pytest.raises(KeysUnavailable):
        JwksKeys("http://127.0.0.1:9/jwks.json").load()
