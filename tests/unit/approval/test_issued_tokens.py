"""Verification of the tokens that an approval issues."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from approval.identity_provider.issued_tokens import IssuedTokensVerifier
from approval.identity_provider.requested_consent import RequestedConsent
from approval.identity_provider.token_response import IssuedTokens, VerifiedToken
from staff0.authorization_details import Disclosure, DisclosureFormat
from staff0.errors import KeysUnavailable, TokenRejected
from staff0.secret_str import SecretStr
from staff0.skills import SKILLS

from tests.support.approval_workflow import JOHN
from tests.support.token_forging import HEADER, claims, compact
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER, FakeKeys, public_jwk, rsa_key, sign

ACCESS = {"iss": ISSUER, "sub": JOHN, "aud": HR_AUDIENCE, "azp": CIBA_CLIENT, "scope": "openid read:employee"}
IDENTITY = {"iss": ISSUER, "sub": JOHN, "aud": CIBA_CLIENT}

FORMAT = DisclosureFormat(SKILLS.facts)
CONSENT = RequestedConsent(JOHN, ("read:employee",))

type Claims = dict[str, object]


def tokens(access: Claims | None = None, identity: Claims | None = None) -> IssuedTokens:
    return IssuedTokens(SecretStr(sign(ACCESS | (access or {}))), SecretStr(sign(IDENTITY | (identity or {}))))


def verifier(keys: FakeKeys | None = None) -> IssuedTokensVerifier:
    return IssuedTokensVerifier(ISSUER, CIBA_CLIENT, HR_AUDIENCE, keys or FakeKeys(), FORMAT)


def test_access_token_of_valid_tokens_is_returned() -> None:
    issued = tokens()
    assert verifier().verify(issued, CONSENT).access_token is issued.access_token


def test_expiry_of_the_access_token_is_returned() -> None:
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=90)
    issued = tokens(access={"exp": expires_at.timestamp()})
    assert verifier().verify(issued, CONSENT).expires_at == expires_at


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
        verifier().verify(tokens(access, identity), CONSENT)
    for private in ("auth0|", "evil", "eyJ"):
        assert private not in str(rejected.value)


def test_missing_id_token_is_rejected() -> None:
    with pytest.raises(TokenRejected):
        verifier().verify(IssuedTokens(tokens().access_token, SecretStr("")), CONSENT)


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
    assert verifier().verify(issued, CONSENT).access_token is issued.access_token


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
    assert verifier(RotatingKeys()).verify(issued, CONSENT).access_token is issued.access_token


def test_tokens_of_an_unpublished_key_are_not_rejected() -> None:
    with pytest.raises(KeysUnavailable):
        verifier().verify(signed("next"), CONSENT)


def test_new_key_with_an_old_key_id_is_not_a_rejected_token() -> None:
    """The issuer replaced a key and kept its id: the cached key does not fit."""
    replaced = SecretStr(compact(HEADER, claims(**ACCESS), rsa_key("next")))
    with pytest.raises(KeysUnavailable):
        verifier().verify(IssuedTokens(replaced, tokens().id_token), CONSENT)


def test_unavailable_keys_are_not_a_rejected_token() -> None:
    with pytest.raises(KeysUnavailable):
        verifier(FakeKeys(available=False)).verify(tokens(), CONSENT)


ASKED = Disclosure(
    "acme", "K7M4QX", "Employment verification", ("employment_status", "start_date"), "task-1", "acme-id"
)
WITH_DETAILS = RequestedConsent(JOHN, ("read:employee",), ASKED)


def granted(disclosure: Disclosure | None, **access: object) -> VerifiedToken:
    details = FORMAT.write(disclosure) if disclosure else None
    return verifier().verify(tokens({"authorization_details": details, **access}), WITH_DETAILS)


@pytest.mark.parametrize("facts", [("employment_status", "start_date"), ("employment_status",)])
def test_facts_that_the_employee_agreed_to_are_returned(facts: tuple[str, ...]) -> None:
    """All that were asked for, or fewer where the identity provider offers that (RFC 9396 7)."""
    assert granted(replace(ASKED, facts=facts)).granted_facts == facts


@pytest.mark.parametrize(
    "other",
    [
        None,
        replace(ASKED, request_id="task-2"),
        replace(ASKED, client_id="globex-id"),
        replace(ASKED, requested_by="globex"),
        replace(ASKED, code="OTHER2"),
        replace(ASKED, purpose="Another"),
        replace(ASKED, facts=("employment_status", "job_title")),
        replace(ASKED, facts=("employment_status", "start_date", "job_title")),
        replace(ASKED, facts=()),
    ],
)
def test_token_for_another_disclosure_is_rejected(other: Disclosure | None) -> None:
    with pytest.raises(TokenRejected, match="authorization details") as rejected:
        granted(other)
    for private in ("task-", "globex", "acme", "K7M4QX"):
        assert private not in str(rejected.value)


def test_two_disclosures_in_one_token_are_rejected() -> None:
    details = [*FORMAT.write(ASKED), *FORMAT.write(ASKED)]
    with pytest.raises(TokenRejected):
        verifier().verify(tokens({"authorization_details": details}), WITH_DETAILS)


def test_scope_of_the_skill_is_required() -> None:
    consent = replace(CONSENT, scopes=("read:employee", "read:employment_details"))
    with pytest.raises(TokenRejected, match="read:employment_details"):
        verifier().verify(tokens(), consent)


def test_id_of_the_token_is_returned_as_a_hash() -> None:
    assert granted(ASKED).token_id_hash is None
    assert granted(ASKED, jti="token-7").token_id_hash == hashlib.sha256(b"token-7").hexdigest()
