"""A token is verified once a minute, and never accepted after its expiry."""

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
    lookups: list[str] = field(default_factory=list)

    def find(self, kid: str) -> PyJWK | None:
        self.lookups.append(kid)
        return super().find(kid)


@pytest.fixture
def keys() -> CountingKeys:
    return CountingKeys()


@pytest.fixture
def clock() -> FakeClock:
    """Starts at the wall clock's time, which pyjwt uses."""
    clock = FakeClock()
    clock.now = datetime.now(UTC)
    return clock


@pytest.fixture
def verifier(keys: CountingKeys, clock: FakeClock) -> CachedTokenVerifier:
    return CachedTokenVerifier(TokenVerifier(ISSUER, AGENT_AUDIENCE, keys), clock)


def test_token_is_verified_once(verifier: CachedTokenVerifier, keys: CountingKeys) -> None:
    token = machine_token("acme-client")
    assert verifier.verify(token) == verifier.verify(token)
    assert len(keys.lookups) == 1


def test_token_is_verified_again_after_a_minute(
    verifier: CachedTokenVerifier, keys: CountingKeys, clock: FakeClock
) -> None:
    token = machine_token("acme-client")
    verifier.verify(token)
    clock.advance(60)
    keys.available = False
    with pytest.raises(KeysUnavailable):
        verifier.verify(token)


def test_expired_token_is_verified_again(verifier: CachedTokenVerifier, keys: CountingKeys, clock: FakeClock) -> None:
    claims = {"iss": ISSUER, "sub": "acme-client@clients", "aud": AGENT_AUDIENCE}
    token = sign(claims | {"exp": int(time.time()) + 20})
    verifier.verify(token)
    clock.advance(21)
    verifier.verify(token)
    assert len(keys.lookups) == 2  # pyjwt decides about the leeway, not the cache


def test_changed_token_is_not_cached(verifier: CachedTokenVerifier) -> None:
    token = machine_token("acme-client")
    verifier.verify(token)
    with pytest.raises(InvalidToken):
        verifier.verify(token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB"))


def test_refused_token_is_not_cached(verifier: CachedTokenVerifier, keys: CountingKeys) -> None:
    token = sign({"iss": ISSUER, "sub": "x", "aud": "https://other.example"})
    for _ in range(2):
        with pytest.raises(InvalidToken):
            verifier.verify(token)
    assert len(keys.lookups) == 2


def test_cache_is_bounded(verifier: CachedTokenVerifier, keys: CountingKeys) -> None:
    first = machine_token("acme-client")
    verifier.verify(first)
    for number in range(256):
        verifier.verify(machine_token(f"client-{number}"))
    lookups = len(keys.lookups)
    verifier.verify(first)
    assert len(keys.lookups) == lookups + 1
