"""Which key and which algorithm verify a token is the issuer's word and ours, never the token's."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.utils import base64url_encode
from staff0.auth import JwksKeys, SigningKeys, TokenVerifier
from staff0.errors import InvalidToken

from tests.support.token_forging import GOOD, HEADER, claims, compact
from tests.support.tokens import HR_AUDIENCE, ISSUER, FakeKeys, public_jwk, rsa_key, sign
from tests.unit.auth.conftest import Jwks

PUBLIC_FORMS: dict[str, Callable[[], bytes]] = {
    "PEM": lambda: rsa_key("current").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "PKCS 1": lambda: rsa_key("current").public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1),
    "DER": lambda: rsa_key("current").public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "JWK": lambda: json.dumps(public_jwk("current")).encode(),
    "n": lambda: str(public_jwk("current")["n"]).encode(),
}


def verify(token: str, keys: SigningKeys | None = None) -> str:
    return TokenVerifier(ISSUER, HR_AUDIENCE, keys or FakeKeys()).verify(token).subject


def by_hmac(secret: bytes, algorithm: str) -> str:
    parts = ({**HEADER, "alg": algorithm}, claims())
    signed = b".".join(base64url_encode(json.dumps(part).encode()) for part in parts)
    return b".".join((signed, base64url_encode(hmac.new(secret, signed, hashlib.sha256).digest()))).decode()


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
@pytest.mark.parametrize("form", PUBLIC_FORMS)
def test_the_public_key_is_no_secret_to_sign_by(form: str, algorithm: str) -> None:
    """RFC 8725 2.1: everybody has it."""
    with pytest.raises(InvalidToken):
        verify(by_hmac(PUBLIC_FORMS[form](), algorithm))


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "nOnE", "", "rs256", "RS256 ", "RS384", "RS512", "PS256"]
)
def test_an_algorithm_is_ours_to_the_letter(algorithm: str) -> None:
    """By the right key, and with what would be a good signature by RS256."""
    with pytest.raises(InvalidToken, match="algorithm"):
        verify(compact({**HEADER, "alg": algorithm}, claims()))


@pytest.mark.parametrize("algorithm", [None, 7, True, ["RS256"], {"RS256": 1}], ids=str)
def test_an_algorithm_that_is_no_text_is_refused(algorithm: object) -> None:
    with pytest.raises(InvalidToken, match="algorithm"):
        verify(compact({**HEADER, "alg": algorithm}, claims()))


def test_a_token_without_an_algorithm_or_a_signature_is_refused() -> None:
    header = {name: value for name, value in HEADER.items() if name != "alg"}
    with pytest.raises(InvalidToken):
        verify(compact(header, claims()))
    with pytest.raises(InvalidToken):
        verify(sign(GOOD).rpartition(".")[0] + ".")


@pytest.mark.parametrize("algorithm", ["PS256", "RS512", "ES256"])
def test_another_algorithm_is_refused_even_where_the_issuer_has_a_key_for_it(jwks: Jwks, algorithm: str) -> None:
    key: Any = generate_private_key(SECP256R1()) if algorithm == "ES256" else rsa_key("current")
    public: Any = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    jwks.body = json.dumps({"keys": [public | {"kid": "current", "use": "sig", "alg": algorithm}]})
    token = jwt.encode(claims(), key, algorithm, headers={"kid": "current"})
    with pytest.raises(InvalidToken, match="algorithm"):
        verify(token, JwksKeys(jwks.url))
    assert jwks.asked == 0


@pytest.mark.parametrize("kid", [None, 7, True, [], ["current"], {"kid": "current"}], ids=str)
def test_a_key_is_named_by_text_or_nobody_is_asked_for_it(jwks: Jwks, kid: object) -> None:
    with pytest.raises(InvalidToken, match="key is unknown"):
        verify(compact({**HEADER, "kid": kid}, claims()), JwksKeys(jwks.url))
    assert jwks.asked == 0


@pytest.mark.parametrize(
    "kid",
    ["", " ", "x" * 4_000, "../current", "current\x00", "CURRENT", "current ", "\ud800", "' OR 1=1 --", "file:///x"],
    ids=lambda kid: ascii(kid)[:20],
)
def test_a_key_of_an_odd_name_is_unknown(jwks: Jwks, kid: str) -> None:
    with pytest.raises(InvalidToken, match=r"^the token's key is unknown$"):
        verify(compact({**HEADER, "kid": kid}, claims()), JwksKeys(jwks.url))
    assert jwks.asked == 1


def test_a_token_that_names_no_key_is_refused_even_where_the_issuer_has_one_only() -> None:
    with pytest.raises(InvalidToken):
        verify(compact({"alg": "RS256", "typ": "JWT"}, claims()))


@pytest.mark.parametrize("signer", ["current", "attacker"])
def test_no_address_in_a_token_is_ever_asked_and_no_key_in_it_used(jwks: Jwks, elsewhere: Jwks, signer: str) -> None:
    """RFC 8725 3.10."""
    elsewhere.body = json.dumps({"keys": [public_jwk("attacker") | {"kid": "current"}]})
    der = rsa_key("attacker").public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    brought = {"jku": elsewhere.url, "x5u": elsewhere.url, "x5c": [base64.b64encode(der).decode()], "x5t": "AA"}
    header = {**HEADER, **brought, "jwk": public_jwk("attacker") | {"kid": "current"}, "iss": elsewhere.url}
    token = compact(header, claims(), rsa_key(signer))
    if signer == "current":
        assert verify(token, JwksKeys(jwks.url)) == "auth0|john"
    else:
        with pytest.raises(InvalidToken):
            verify(token, JwksKeys(jwks.url))
    assert (jwks.asked, elsewhere.asked) == (1, 0)
