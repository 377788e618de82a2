"""What a token has to be before anything it says is considered: short, and readable in one way only."""

import json
import re
from typing import Final, Never

from jwt.utils import base64url_decode

from staff0.errors import InvalidToken

MAX_LENGTH: Final = 8_192  # an HTTP API takes 10,240 bytes of headers in all

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")  # RFC 7515 3.1; a JWE has five parts
_EXTENSIONS: Final = {"crit", "b64"}  # RFC 7515 4.1.11, RFC 7797 7: this system understands none


def parse_unverified_header(token: str) -> dict[str, object]:
    """The header of a token whose signature nobody has looked at yet. Raises InvalidToken."""
    if len(token) > MAX_LENGTH:
        raise InvalidToken("the token is too long")
    parts = _COMPACT.fullmatch(token)
    if parts is None:
        raise InvalidToken("the token is no compact JWS")
    header, _ = _object(parts[1]), _object(parts[2])
    if header.keys() & _EXTENSIONS:
        raise InvalidToken("the token asks for an extension")
    return header


def _object(part: str) -> dict[str, object]:
    """What two parsers could read differently is refused: a name twice (RFC 7519 4), NaN, what is no UTF-8."""
    try:
        found = json.loads(base64url_decode(part).decode(), object_pairs_hook=_unambiguous, parse_constant=_no_json)
    except (ValueError, RecursionError):
        raise InvalidToken("a part of the token is no plain JSON") from None
    if not isinstance(found, dict):
        raise InvalidToken("a part of the token is no JSON object")
    return found


def _unambiguous(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("a name stands there twice")
    return found


def _no_json(_constant: str) -> Never:
    raise ValueError("NaN and Infinity are no JSON")
