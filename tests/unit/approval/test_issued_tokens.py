"""Verification of the tokens that an approval issues."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from approval.identity_provider.issued_tokens import IssuedTokensVerifier
from approval.identity_provider.token_response import IssuedTokens
from pydantic import SecretStr
from staff0.errors import KeysUnavailable, TokenRejected

from tests.support.approval_workflow import JOHN
from tests.support.token_forging import HEADER, claims, compact
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER, FakeKeys, public_jwk, rsa_key, sign

ACCESS = {"iss": ISSUER, "sub": JOHN, "aud": HR_AUDIENCE, "azp": CIBA_CLIENT, "scope": "openid read:employee"}
IDENTITY = {"iss": ISSUER, "sub": JOHN, "aud": CIBA_CLIENT}

type Claims = dict[str, object]


def tokens(access: Claims | None = None, identity: Claims | None = None) -> IssuedTokens:
    return IssuedTokens(SecretStr(sign(ACCESS | (access or {}))), SecretStr(sign(IDENTITY | (identity or {}))))


def verifier(keys: FakeKeys | None = None) -> IssuedTokensVerifier:
    return IssuedTokensVerifier(ISSUER, CIBA_CLIENT, HR_AUDIENCE, keys or FakeKeys())


def test_access_token_of_valid_tokens_is_returned() -> None:
    issued = tokens()
    assert verifier().verify(issued, JOHN).access_token is issued.access_token


def test_expiry_of_the_access_token_is_returned() -> None:
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=90)
    issued = tokens(access={"exp": expires_at.timestamp()})
    assert verifier().verify(issued, JOHN).expires_at == expires_at


@pytest.mark.parametrize(
    ("access", "identity", "message"),
    [
        ({"sub": "auth0|jane"}, {}, "another employee"),
        ({}, {"sub": "auth0|jane"}, "another employee"),
        ({"azp": "other-client"}, {}, "another client|two clients"),
        ({"scope": "openid"}, {}, "read:employee"),
        ({"aud": "https://staff0/agent"}, {}, "InvalidAudience"),
        ({"iss": "https://evil.example/"}, {}, "InvalidIssuer"),
        ({"exp": 1}, {}, "Expired"),
        ({}, {"aud": "other-client"}, "InvalidAudience"),
        ({}, {"iss": "https://evil.example/"}, "InvalidIssuer"),
        ({}, {"exp": 1}, "Expired"),
        ({}, {"azp": "other-client"}, "ID token is another client's"),
        ({}, {"aud": [CIBA_CLIENT, "other-client"]}, "ID token is another client's"),
        ({}, {"aud": [CIBA_CLIENT, "other-client"], "client_id": CIBA_CLIENT}, "ID token is another client's"),
        ({}, {"aud": [CIBA_CLIENT, "other-client"], "azp": "other-client"}, "ID token is another client's"),
    ],
)
def test_other_token_is_rejected_and_not_shown(access: Claims, identity: Claims, message: str) -> None:
    with pytest.raises(TokenRejected, match=message) as rejected:
        verifier().verify(tokens(access, identity), JOHN)
    for private in ("auth0|", "evil", "eyJ"):
        assert private not in str(rejected.value)


def test_missing_id_token_is_rejected() -> None:
    with pytest.raises(TokenRejected):
        verifier().verify(IssuedTokens(tokens().access_token, SecretStr("")), JOHN)


@pytest.mark.parametrize(
    "identity",
    [
        {"aud": [CIBA_CLIENT]},
        {"aud": [CIBA_CLIENT, CIBA_CLIENT]},
        {"azp": CIBA_CLIENT},
        {"aud": [CIBA_CLIENT, "other-client"], "azp": CIBA_CLIENT},
    ],
)
def test_id_token_with_our_azp_is_accepted(identity: Claims) -> None:
    """OIDC Core 3.1.3.7: an ID token for several audiences names the client that it was issued to."""
    issued = tokens(identity=identity)
    assert verifier().verify(issued, JOHN).access_token is issued.access_token


class RotatingKeys(FakeKeys):
    """Knows the new key "next" after a refresh only."""

    def refresh(self) -> None:
        super().refresh()
        self.kids = ("current", "next")

    def find(self, kid: str) -> jwt.PyJWK | None:
        return jwt.PyJWK(public_jwk(kid)) if kid in self.kids else None


def signed(kid: str) -> IssuedTokens:
    return IssuedTokens(SecretStr(sign(ACCESS, kid=kid)), SecretStr(sign(IDENTITY, kid=kid)))


def test_tokens_of_a_new_key_are_verified_with_fresh_keys() -> None:
    issued = signed("next")
    assert verifier(RotatingKeys()).verify(issued, JOHN).access_token is issued.access_token


def test_tokens_of_an_unpublished_key_are_not_rejected() -> None:
    with pytest.raises(KeysUnavailable):
        verifier().verify(signed("next"), JOHN)


def test_new_key_with_an_old_key_id_is_not_a_rejected_token() -> None:
    """The issuer replaced a key and kept its id: the cached key does not fit."""
    replaced = SecretStr(compact(HEADER, claims(**ACCESS), rsa_key("next")))
    with pytest.raises(KeysUnavailable):
        verifier().verify(IssuedTokens(replaced, tokens().id_token), JOHN)


def test_unavailable_keys_are_not_a_rejected_token() -> None:
    with pytest.raises(KeysUnavailable):
        verifier(FakeKeys(available=False)).verify(tokens(), JOHN)
