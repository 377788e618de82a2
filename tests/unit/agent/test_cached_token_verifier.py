"""A token is verified once a minute, and never believed longer than it says."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hr_agent.http.cached_token_verifier import CachedTokenVerifier
from jwt import PyJWK
from staff0.auth import TokenVerifier
from staff0.errors import InvalidToken, KeysUnavailable

from tests.support.clock import FakeClock
from tests.support.tokens import AGENT_AUDIENCE, ISSUER, FakeKeys, machine_token, sign


@dataclass
class CountingKeys(FakeKeys):
    asked: list[str] = field(default_factory=list)

    def find(self, kid: str) -> PyJWK | None:
        self.asked.append(kid)
        return super().find(kid)


@pytest.fixture
def keys() -> CountingKeys:
    return CountingKeys()


@pytest.fixture
def clock() -> FakeClock:
    """pyjwt judges by the wall clock, so this one starts there."""
    clock = FakeClock()
    clock.now = datetime.now(UTC)
    return clock


@pytest.fixture
def tokens(keys: CountingKeys, clock: FakeClock) -> CachedTokenVerifier:
    return CachedTokenVerifier(TokenVerifier(ISSUER, AGENT_AUDIENCE, keys), clock)


def test_the_same_token_is_verified_once(tokens: CachedTokenVerifier, keys: CountingKeys) -> None:
    token = machine_token("acme-client")
    assert tokens.verify(token) == tokens.verify(token)
    assert len(keys.asked) == 1


def test_after_a_minute_it_is_verified_again(tokens: CachedTokenVerifier, keys: CountingKeys, clock: FakeClock) -> None:
    token = machine_token("acme-client")
    tokens.verify(token)
    clock.advance(60)
    keys.available = False
    with pytest.raises(KeysUnavailable):
        tokens.verify(token)


def test_it_is_not_believed_after_it_has_expired(
    tokens: CachedTokenVerifier, keys: CountingKeys, clock: FakeClock
) -> None:
    claims = {"iss": ISSUER, "sub": "acme-client@clients", "aud": AGENT_AUDIENCE}
    token = sign(claims | {"exp": int(time.time()) + 20})
    tokens.verify(token)
    clock.advance(21)
    tokens.verify(token)
    assert len(keys.asked) == 2  # pyjwt decides, not our memory


def test_a_token_that_differs_in_one_letter_is_another(tokens: CachedTokenVerifier) -> None:
    token = machine_token("acme-client")
    tokens.verify(token)
    with pytest.raises(InvalidToken):
        tokens.verify(token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB"))


def test_what_was_refused_is_judged_anew_each_time(tokens: CachedTokenVerifier, keys: CountingKeys) -> None:
    token = sign({"iss": ISSUER, "sub": "x", "aud": "somebody else"})
    for _ in range(2):
        with pytest.raises(InvalidToken):
            tokens.verify(token)
    assert len(keys.asked) == 2


def test_a_flood_of_tokens_is_forgotten_again(tokens: CachedTokenVerifier, keys: CountingKeys) -> None:
    first = machine_token("acme-client")
    tokens.verify(first)
    for number in range(256):
        tokens.verify(machine_token(f"client-{number}"))
    asked = len(keys.asked)
    tokens.verify(first)
    assert len(keys.asked) == asked + 1
