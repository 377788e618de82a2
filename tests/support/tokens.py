"""RS256 keys and tokens of the fake tenant.

Tokens carry wall-clock times, because pyjwt judges them by the wall clock; everything else of the fake runs on the
clock handed in.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm
from staff0.errors import KeysUnavailable

ISSUER = "https://tenant.example/"
HR_AUDIENCE = "https://staff0/api"
AGENT_AUDIENCE = "https://staff0/agent"
CIBA_CLIENT = "ciba-client"


@cache
def rsa_key(name: str) -> RSAPrivateKey:
    """A key of its own for every name; made once per test run, as making one is slow."""
    assert name
    return generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(kid: str) -> dict[str, object]:
    public: dict[str, object] = json.loads(RSAAlgorithm.to_jwk(rsa_key(kid).public_key()))
    return public | {"kid": kid, "use": "sig", "alg": "RS256"}


def sign(payload: Mapping[str, object], *, kid: str = "current", typ: str | None = "JWT") -> str:
    """A token signed by the key `kid`; iat and exp are filled in unless the payload has them (None leaves them out)."""
    now = int(time.time())
    claims = {"iat": now, "exp": now + 300} | dict(payload)
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, rsa_key(kid), algorithm="RS256", headers={"kid": kid, "typ": typ})


@dataclass
class FakeKeys:
    """SigningKeys without a network; `available = False` is an issuer that does not answer."""

    kids: tuple[str, ...] = ("current",)
    available: bool = True

    def load(self) -> None:
        if not self.available:
            raise KeysUnavailable("the fake issuer is down")

    def find(self, kid: str) -> jwt.PyJWK | None:
        self.load()
        return jwt.PyJWK(public_jwk(kid)) if kid in self.kids else None

    def jwks(self) -> dict[str, object]:
        return {"keys": [public_jwk(kid) for kid in self.kids]}


def machine_token(client_id: str, audience: str = AGENT_AUDIENCE, scope: str = "read:employee_status") -> str:
    """A client-credentials token as Auth0 makes them."""
    claims = {"iss": ISSUER, "sub": f"{client_id}@clients", "aud": audience, "azp": client_id, "scope": scope}
    return sign(claims | {"gty": "client-credentials"})


def employee_token(sub: str, audience: str = HR_AUDIENCE, scope: str = "openid read:employee") -> str:
    """The access token an approval by this employee gives."""
    audiences = [audience, f"{ISSUER}userinfo"]
    return sign({"iss": ISSUER, "sub": sub, "aud": audiences, "azp": CIBA_CLIENT, "scope": scope})
