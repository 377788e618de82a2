"""Cards and statements signed by the agent's key, or by the key of a forger."""

from __future__ import annotations

from functools import cache
from typing import Any

import jwt
from a2a.client.card_resolver import parse_agent_card
from a2a.utils.signing import create_agent_card_signer
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from google.protobuf.json_format import MessageToDict
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER = "https://agent.example"
KEYS = f"{ISSUER}/.well-known/jwks.json"
NOW = 1_767_571_200  # 5 January 2026, 00:00 UTC

type Json = dict[str, Any]


@cache
def key(kid: str) -> EllipticCurvePrivateKey:
    assert kid
    return generate_private_key(SECP256R1())


@cache
def webhook_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2_048)


def webhook_jwk() -> Json:
    public = RSAAlgorithm.to_jwk(webhook_key().public_key(), as_dict=True)
    return public | {"kid": "webhooks", "use": "sig", "alg": "RS256"}


def jwks(*kids: str) -> Json:
    names = kids or ("current",)
    public = (ECAlgorithm.to_jwk(key(kid).public_key(), as_dict=True) | {"kid": kid} for kid in names)
    return {"keys": [jwk | {"use": "sig", "alg": "ES256"} for jwk in public]}


def signed(card: Json, kid: str = "current", jku: str | None = KEYS) -> Json:
    """The card with a signature added."""
    header = {"alg": "ES256", "kid": kid, "jku": jku, "typ": "JOSE"}
    found: Json = MessageToDict(create_agent_card_signer(key(kid), header)(parse_agent_card(dict(card))))  # type: ignore[arg-type]
    return found


def statement(kid: str = "current", typ: str = "employment-attestation+jwt", **changes: object) -> str:
    """A statement about task t1 for the client "me". A claim of None is left out."""
    claims: Json = {
        "iss": ISSUER,
        "aud": "me",
        "sub": "pseudonym",
        "iat": NOW,
        "exp": NOW + 86_400,
        "jti": "t1-attestation",
        "task_id": "t1",
        "consented_at": NOW - 5,
        "confirmed": True,
        "employee_active": True,
        "name_matches": True,
        "consent": {"request_id": "t1", "code": "K7M4QX", "approved_at": NOW - 5, "token_id_sha256": "ab12"},
    }
    present = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(present, key(kid), algorithm="ES256", headers={"kid": kid, "typ": typ})
