"""Forges tokens byte by byte: invalid content that no library creates, with a valid signature."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.utils import base64url_encode

from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER, rsa_key

GOOD: Final[Mapping[str, object]] = {"iss": ISSUER, "sub": "auth0|john", "aud": HR_AUDIENCE, "azp": CIBA_CLIENT}
HEADER: Final[Mapping[str, object]] = {"alg": "RS256", "typ": "JWT", "kid": "current"}


def claims(**changes: object) -> dict[str, object]:
    now = int(time.time())
    return {**GOOD, "iat": now, "exp": now + 300, **changes}


def compact(
    header: Mapping[str, object] | bytes, payload: Mapping[str, object] | bytes, key: RSAPrivateKey | None = None
) -> str:
    """A compact JWS signed with RS256, for any header. Bytes are used unchanged."""
    signed = b".".join(base64url_encode(_written(part)) for part in (header, payload))
    signature = (key or rsa_key("current")).sign(signed, PKCS1v15(), SHA256())
    return b".".join((signed, base64url_encode(signature))).decode()


def _written(part: Mapping[str, object] | bytes) -> bytes:
    return part if isinstance(part, bytes) else json.dumps(part).encode()
