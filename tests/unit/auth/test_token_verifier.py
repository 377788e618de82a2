"""A token is accepted only from this issuer, for this audience, with a known key, valid now and of the right type."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff0.auth import ID_TOKEN_TYPES, Claims, TokenVerifier
from staff0.errors import InvalidToken, KeysUnavailable

from tests.support.tokens import (
    CIBA_CLIENT,
    HR_AUDIENCE,
    ISSUER,
    FakeKeys,
    employee_token,
    machine_token,
    rsa_key,
    sign,
)

GOOD: Mapping[str, object] = {"iss": ISSUER, "sub": "auth0|john", "aud": HR_AUDIENCE, "azp": CIBA_CLIENT}
YEAR_2100 = 4_102_444_800


def verify(token: str, keys: FakeKeys | None = None) -> Claims:
    return TokenVerifier(ISSUER, HR_AUDIENCE, keys or FakeKeys()).verify(token)


def test_claims_of_employee_token() -> None:
    claims = verify(employee_token("auth0|john"))
    scopes, expires_at = frozenset({"openid", "read:employee"}), claims.expires_at
    expected = Claims(
        ISSUER,
        "auth0|john",
        CIBA_CLIENT,
        scopes,
        is_machine=False,
        expires_at=expires_at,
        audiences=frozenset({HR_AUDIENCE, f"{ISSUER}userinfo"}),
        authorized_party=CIBA_CLIENT,
    )
    assert claims == expected


@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "AT+JWT", "application/at+jwt"])
def test_both_auth0_token_profiles_are_accepted(typ: str) -> None:
    assert verify(sign(GOOD, typ=typ)).subject == "auth0|john"


def test_client_of_rfc_9068_token() -> None:
    token = sign({"iss": ISSUER, "sub": "auth0|john", "aud": HR_AUDIENCE, "client_id": "other"}, typ="at+jwt")
    assert verify(token).client_id == "other"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://idp.example"},
        {"iss": "https://evil.example/"},
        {"iss": None},
        {"aud": "https://staff0/agent"},
        {"aud": ["https://staff0/agent", "https://staff0/api/"]},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"exp": None},
        {"exp": 1},
        {"iat": None},
        {"iat": YEAR_2100},
        {"nbf": YEAR_2100},
        {"scope": ["read:employee"]},
        {"azp": {"client": "x"}},
    ],
    ids=str,
)
def test_wrong_claim_is_refused_and_not_repeated(change: dict[str, object]) -> None:
    token = sign({**GOOD, **change})
    with pytest.raises(InvalidToken) as error:
        verify(token)
    assert token not in str(error.value)
    assert "evil" not in str(error.value)


@pytest.mark.parametrize("typ", ["logout+jwt", "dpop+jwt", "secevent+jwt", None])
def test_token_of_other_type_is_refused(typ: str | None) -> None:
    with pytest.raises(InvalidToken):
        verify(sign(GOOD, typ=typ))


def test_id_token_needs_no_type() -> None:
    verifier = TokenVerifier(ISSUER, HR_AUDIENCE, FakeKeys(), ID_TOKEN_TYPES)
    assert verifier.verify(sign(GOOD, typ="")).subject == "auth0|john"
    with pytest.raises(InvalidToken):
        verifier.verify(sign(GOOD, typ="at+jwt"))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512", "PS256"])
def test_other_algorithm_is_refused(algorithm: str) -> None:
    secret = {"none": "", "HS256": "the public key, used as an HMAC secret"}.get(algorithm)
    key = rsa_key("current") if secret is None else secret
    now = int(time.time())
    token = jwt.encode({**GOOD, "iat": now, "exp": now + 60}, key, algorithm=algorithm, headers={"kid": "current"})
    with pytest.raises(InvalidToken):
        verify(token)


def test_key_in_token_is_ignored() -> None:
    now = int(time.time())
    own_key: dict[str, object] = jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key("attacker").public_key(), as_dict=True)
    headers = {"kid": "current", "jwk": own_key, "jku": "https://evil.example/keys", "x5u": "https://evil.example/c"}
    token = jwt.encode({**GOOD, "iat": now, "exp": now + 60}, rsa_key("attacker"), "RS256", headers=headers)
    with pytest.raises(InvalidToken):
        verify(token)


def test_unknown_key_is_refused() -> None:
    with pytest.raises(InvalidToken):
        verify(sign(GOOD, kid="unknown"))


def test_invalid_token_causes_no_request_to_issuer() -> None:
    down = FakeKeys(available=False)
    unsigned = jwt.encode(dict(GOOD), "", algorithm="none", headers={"kid": "current"})
    for junk in ("", "a.b.c", "junk", unsigned, sign(GOOD, typ="logout+jwt")):
        with pytest.raises(InvalidToken):
            verify(junk, down)


def test_issuer_outage_raises_keys_unavailable() -> None:
    with pytest.raises(KeysUnavailable):
        verify(employee_token("auth0|john"), FakeKeys(available=False))


@pytest.mark.parametrize(
    "make_token",
    [
        lambda: machine_token("acme", HR_AUDIENCE),
        lambda: sign({**GOOD, "gty": "client-credentials"}),
        lambda: sign({**GOOD, "sub": "acme@clients"}),
        lambda: sign({**GOOD, "sub": "acme", "azp": None, "client_id": "acme"}, typ="at+jwt"),
    ],
    ids=["all", "gty", "@clients", "sub is the client"],
)
def test_machine_token_is_recognized(make_token: Callable[[], str]) -> None:
    assert verify(make_token()).is_machine


@given(st.text(max_size=200))
def test_any_text_raises_invalid_token(text: str) -> None:
    with pytest.raises(InvalidToken):
        verify(text)
