"""RS256 keys and tokens of FakeIdp.

The times in a token are those of the wall clock, because pyjwt compares them with it; all else in FakeIdp uses the
clock of the test.
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

ISSUER = "https://idp.example/"
HR_AUDIENCE = "https://staff0/api"
AGENT_AUDIENCE = "https://staff0/agent"
CIBA_CLIENT = "ciba-client"


@cache
def rsa_key(name: str) -> RSAPrivateKey:
    """The RSA key for `name`, generated once per test run because generating one is slow."""
    assert name
    return generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(kid: str) -> dict[str, object]:
    public: dict[str, object] = json.loads(RSAAlgorithm.to_jwk(rsa_key(kid).public_key()))
    return public | {"kid": kid, "use": "sig", "alg": "RS256"}


def sign(payload: Mapping[str, object], *, kid: str = "current", typ: str | None = "JWT") -> str:
    """A JWT signed by the key `kid`. Adds iat and exp unless the payload has them; a claim that is None is left out."""
    now = int(time.time())
    claims = {"iat": now, "exp": now + 300} | dict(payload)
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, rsa_key(kid), algorithm="RS256", headers={"kid": kid, "typ": typ})


@dataclass
class FakeKeys:
    """SigningKeys without a network. With `available` False, methods raise KeysUnavailable."""

    kids: tuple[str, ...] = ("current",)
    available: bool = True

    def refresh(self) -> None:
        if not self.available:
            raise KeysUnavailable("the fake issuer is down")

    def find(self, kid: str) -> jwt.PyJWK | None:
        self.refresh()
        return jwt.PyJWK(public_jwk(kid)) if kid in self.kids else None

    def jwks(self) -> dict[str, object]:
        return {"keys": [public_jwk(kid) for kid in self.kids]}


def machine_token(client_id: str, audience: str = AGENT_AUDIENCE, scope: str = "read:employee_status") -> str:
    """An access token for the client credentials grant, with the claims that Auth0 sets."""
    claims = {"iss": ISSUER, "sub": f"{client_id}@clients", "aud": audience, "azp": client_id, "scope": scope}
    return sign(claims | {"gty": "client-credentials"})


def employee_token(sub: str, audience: str = HR_AUDIENCE, scope: str = "openid read:employee", **more: object) -> str:
    """The access token that an approval by this employee returns. `more` are further claims."""
    audiences = [audience, f"{ISSUER}userinfo"]
    return sign({"iss": ISSUER, "sub": sub, "aud": audiences, "azp": CIBA_CLIENT, "scope": scope, **more})
