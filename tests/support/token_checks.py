"""Verification of tokens for the HR API, with the keys of the tests."""

from __future__ import annotations

from staff0.auth import ACCESS_TOKEN_TYPES, Claims, TokenVerifier
from staff0.errors import InvalidToken

from tests.support.token_forging import HEADER, claims, compact
from tests.support.tokens import HR_AUDIENCE, ISSUER, FakeKeys


def verify(token: str, audience: str = HR_AUDIENCE, types: frozenset[str] = ACCESS_TOKEN_TYPES) -> Claims:
    return TokenVerifier(ISSUER, audience, FakeKeys(), types).verify(token)


def is_accepted(**changes: object) -> bool:
    """Whether a token with these changed claims is accepted. None removes a claim."""
    token = compact(HEADER, {name: value for name, value in claims(**changes).items() if value is not None})
    try:
        verify(token)
    except InvalidToken:
        return False
    return True
