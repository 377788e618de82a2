"""The token chooses neither the key nor the algorithm that verify it."""

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

from tests.support.jwks_server import JwksServer
from tests.support.token_forging import GOOD, HEADER, claims, compact
from tests.support.tokens import HR_AUDIENCE, ISSUER, FakeKeys, public_jwk, rsa_key, sign

PUBLIC_FORMS: dict[str, Callable[[], bytes]] = {
    "PEM": lambda: rsa_key("current").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "PKCS 1": lambda: rsa_key("current").public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1),
    "DER": lambda: rsa_key("current").public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "JWK": lambda: json.dumps(public_jwk("current")).encode(),
    "n": lambda: str(public_jwk("current")["n"]).encode(),
}


def verify(token: str, keys: SigningKeys | None = None) -> str:
    return TokenVerifier(ISSUER, HR_AUDIENCE, keys or FakeKeys()).verify(token).subject


def hmac_token(secret: bytes, algorithm: str) -> str:
    parts = ({**HEADER, "alg": algorithm}, claims())
    signing_input = b".".join(base64url_encode(json.dumps(part).encode()) for part in parts)
    return b".".join(
        (signing_input, base64url_encode(hmac.new(secret, signing_input, hashlib.sha256).digest()))
    ).decode()


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
@pytest.mark.parametrize("form", PUBLIC_FORMS)
def test_public_key_is_not_hmac_secret(form: str, algorithm: str) -> None:
    """RFC 8725 2.1: the public key is public, so an HMAC with it proves nothing."""
    with pytest.raises(InvalidToken):
        verify(hmac_token(PUBLIC_FORMS[form](), algorithm))


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "nOnE", "", "rs256", "RS256 ", "RS384", "RS512", "PS256"]
)
def test_algorithm_must_match_exactly(algorithm: str) -> None:
    """Signed with the right key and a valid RS256 signature."""
    with pytest.raises(InvalidToken, match="algorithm"):
        verify(compact({**HEADER, "alg": algorithm}, claims()))


@pytest.mark.parametrize("algorithm", [None, 7, True, ["RS256"], {"RS256": 1}], ids=str)
def test_algorithm_must_be_string(algorithm: object) -> None:
    with pytest.raises(InvalidToken, match="algorithm"):
        verify(compact({**HEADER, "alg": algorithm}, claims()))


def test_token_without_algorithm_or_signature_is_refused() -> None:
    header = {name: value for name, value in HEADER.items() if name != "alg"}
    with pytest.raises(InvalidToken):
        verify(compact(header, claims()))
    with pytest.raises(InvalidToken):
        verify(sign(GOOD).rpartition(".")[0] + ".")


@pytest.mark.parametrize("algorithm", ["PS256", "RS512", "ES256"])
def test_other_algorithm_is_refused_even_with_issuer_key(jwks: JwksServer, algorithm: str) -> None:
    key: Any = generate_private_key(SECP256R1()) if algorithm == "ES256" else rsa_key("current")
    public: Any = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    jwks.body = json.dumps({"keys": [public | {"kid": "current", "use": "sig", "alg": algorithm}]})
    token = jwt.encode(claims(), key, algorithm, headers={"kid": "current"})
    with pytest.raises(InvalidToken, match="algorithm"):
        verify(token, JwksKeys(lambda: jwks.url))
    assert jwks.requests == 0


@pytest.mark.parametrize("kid", [None, 7, True, [], ["current"], {"kid": "current"}], ids=str)
def test_key_id_must_be_string(jwks: JwksServer, kid: object) -> None:
    with pytest.raises(InvalidToken, match="key is unknown"):
        verify(compact({**HEADER, "kid": kid}, claims()), JwksKeys(lambda: jwks.url))
    assert jwks.requests == 0


@pytest.mark.parametrize(
    "kid",
    ["", " ", "x" * 4_000, "../current", "current\x00", "CURRENT", "current ", "\ud800", "' OR 1=1 --", "file:///x"],
    ids=lambda kid: ascii(kid)[:20],
)
def test_odd_key_id_is_unknown(jwks: JwksServer, kid: str) -> None:
    with pytest.raises(InvalidToken, match=r"^the token's key is unknown$"):
        verify(compact({**HEADER, "kid": kid}, claims()), JwksKeys(lambda: jwks.url))
    assert jwks.requests == 1


def test_token_without_key_id_is_refused() -> None:
    with pytest.raises(InvalidToken):
        verify(compact({"alg": "RS256", "typ": "JWT"}, claims()))


@pytest.mark.parametrize("signer", ["current", "attacker"])
def test_keys_named_in_token_are_ignored(jwks: JwksServer, attacker: JwksServer, signer: str) -> None:
    """RFC 8725 3.10."""
    attacker.body = json.dumps({"keys": [public_jwk("attacker") | {"kid": "current"}]})
    der = rsa_key("attacker").public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    header_keys = {"jku": attacker.url, "x5u": attacker.url, "x5c": [base64.b64encode(der).decode()], "x5t": "AA"}
    header = {**HEADER, **header_keys, "jwk": public_jwk("attacker") | {"kid": "current"}, "iss": attacker.url}
    token = compact(header, claims(), rsa_key(signer))
    if signer == "current":
        assert verify(token, JwksKeys(lambda: jwks.url)) == "auth0|john"
    else:
        with pytest.raises(InvalidToken):
            verify(token, JwksKeys(lambda: jwks.url))
    assert (jwks.requests, attacker.requests) == (1, 0)
