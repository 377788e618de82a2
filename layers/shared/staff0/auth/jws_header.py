"""Checks of a token before its signature: its length, and that every parser reads the same JSON (RFC 8725 2.6)."""

import json
import re
from typing import Final, Never

from jwt.utils import base64url_decode

from staff0.errors import InvalidToken

MAX_LENGTH: Final = 8_192  # an HTTP API accepts 10,240 bytes for all headers together

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")  # RFC 7515 3.1; a JWE has five parts
_EXTENSIONS: Final = {"crit", "b64"}  # RFC 7515 4.1.11, RFC 7797 7: not supported


def parse_unverified_header(token: str) -> dict[str, object]:
    """The header of a token before its signature is verified. Raises InvalidToken."""
    if len(token) > MAX_LENGTH:
        raise InvalidToken("the token is too long")
    parts = _COMPACT.fullmatch(token)
    if parts is None:
        raise InvalidToken("the token is not a compact JWS")
    header, _ = _json_object(parts[1]), _json_object(parts[2])
    if header.keys() & _EXTENSIONS:
        raise InvalidToken("the token requires an extension")
    return header


def _json_object(part: str) -> dict[str, object]:
    """Refuses what two parsers may read differently: duplicate names (RFC 7519 4), NaN, and bytes other than UTF-8."""
    try:
        value = json.loads(base64url_decode(part).decode(), object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise InvalidToken("a part of the token is not valid JSON") from None
    if not isinstance(value, dict):
        raise InvalidToken("a part of the token is not a JSON object")
    return value


def _unique(members: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(members)
    if len(value) < len(members):
        raise ValueError("duplicate name")
    return value


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is not valid JSON")
