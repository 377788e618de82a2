"""The issuer's JWKS URL over real HTTP, and an attacker's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.jwks_server import JwksServer, serve_jwks


@pytest.fixture
def jwks(monkeypatch: pytest.MonkeyPatch) -> Iterator[JwksServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve_jwks() as server:
        yield server


@pytest.fixture
def attacker(monkeypatch: pytest.MonkeyPatch) -> Iterator[JwksServer]:
    """A server that must never get a request."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve_jwks() as server:
        yield server
