"""Keys of an agent that the user pinned by their SHA-256 thumbprint (RFC 7638).

Without a pin the client trusts the keys that are published at the agent's URL. An attacker who controls that
URL could then answer with another card, get an access token, and use it at the real agent until the token expires.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from jwt import PyJWK
from jwt.algorithms import ECAlgorithm
from jwt.utils import base64url_encode

from client.errors import UsageError

OPTION: Final = "--agent-key"
HELP: Final = (
    "the SHA-256 thumbprint (RFC 7638) of a key that the agent must sign with, which is the key's `kid` at this "
    "agent; repeatable, for the keys of cards and of statements (default: every key published at the agent's URL)"
)
_THUMBPRINT: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_REQUIRED_MEMBERS: Final = ("crv", "kty", "x", "y")  # RFC 7638 3.2, in lexicographic order


@dataclass(frozen=True)
class KeyPins:
    """Thumbprints of the allowed keys. Without any, each key is allowed."""

    thumbprints: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.thumbprints)

    def allows(self, key: PyJWK) -> bool:
        return not self.thumbprints or thumbprint(key) in self.thumbprints


def parse_pins(options: Iterable[str]) -> KeyPins:
    """Raises UsageError for a text that is not a thumbprint."""
    pins = frozenset(options)
    for pin in pins:
        if not _THUMBPRINT.fullmatch(pin):
            raise UsageError(f"{OPTION} takes a SHA-256 thumbprint of 43 characters, not {pin!r}.")
    return KeyPins(pins)


def thumbprint(key: PyJWK) -> str:
    """SHA-256 thumbprint of a public EC key, computed from the key itself, not taken from its `kid`."""
    public = ECAlgorithm.to_jwk(key.key, as_dict=True)
    canonical = json.dumps({name: public[name] for name in _REQUIRED_MEMBERS}, separators=(",", ":"))
    return base64url_encode(sha256(canonical.encode()).digest()).decode()


def join_pins(arguments: Sequence[str]) -> list[str]:
    """The command line with `--agent-key X` as `--agent-key=X`: argparse takes an X that begins with `-` for an option.

    One thumbprint in 64 begins with `-`.
    """
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] == OPTION and _THUMBPRINT.fullmatch(argument):
            joined[-1] = f"{OPTION}={argument}"
        else:
            joined.append(argument)
    return joined
