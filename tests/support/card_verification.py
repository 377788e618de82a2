"""Verifies the signatures of a card on the document as received (A2A 8.4.3), without protobuf and a2a-sdk."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import jwt
import rfc8785
from jwt.utils import base64url_decode, base64url_encode

from local.cli.paths import NODE

type Json = Any

_JAVASCRIPT: Final = Path(__file__).parent.parent / "interop" / "node" / "verify-card.mjs"


def unchanged(card: Json) -> Json:
    return card


def without_empty(card: Json) -> Json:
    """Without empty texts, lists and objects."""
    return _without(card, ("", [], {}, None))


def without_defaults(card: Json) -> Json:
    """Without false and 0 too, which are the default values of protobuf."""
    return _without(card, ("", [], {}, None, False, 0))


# Ways in which a reader may understand "remove properties with default values"
READINGS: Final[list[Callable[[Json], Json]]] = [unchanged, without_empty, without_defaults]


def _without(value: Json, defaults: tuple[Json, ...]) -> Json:
    if isinstance(value, list):
        return [_without(item, defaults) for item in value]
    if isinstance(value, dict):
        members = {name: _without(member, defaults) for name, member in value.items()}
        return {name: member for name, member in members.items() if not any(_same(member, d) for d in defaults)}
    return value


def _same(value: Json, default: Json) -> bool:
    """Python takes 0 and False for equal."""
    return value == default and isinstance(value, bool) == isinstance(default, bool)


def verified_signatures(body: bytes | str, jwks: Json, reading: Callable[[Json], Json] = unchanged) -> list[int]:
    """The positions of the card's signatures that verify."""
    card = json.loads(body)
    signatures = card.pop("signatures")
    payload = base64url_encode(rfc8785.dumps(reading(card))).decode()
    keys = {key["kid"]: jwt.PyJWK(key) for key in jwks["keys"]}
    return [position for position, one in enumerate(signatures) if _verifies(one, payload, keys)]


def _verifies(signature: Json, payload: str, keys: dict[str, jwt.PyJWK]) -> bool:
    header = json.loads(base64url_decode(signature["protected"]))
    token = f"{signature['protected']}.{payload}.{signature['signature']}"
    try:
        jwt.api_jws.decode(token, keys[header["kid"]], algorithms=["ES256"])
    except jwt.InvalidSignatureError:
        return False
    return True


def verified_signatures_in_javascript(bodies: list[str], jwks: Json) -> list[Json]:
    """For each card the positions that verify: `asReceived`, `withoutDefaults`, and `sdk` by the JavaScript SDK."""
    given = json.dumps({"cards": bodies, "jwks": jwks})
    done = subprocess.run(
        [str(NODE), str(_JAVASCRIPT)], input=given, capture_output=True, text=True, check=True, timeout=60
    )
    verified: list[Json] = json.loads(done.stdout)
    return verified
