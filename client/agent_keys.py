"""The agent's public keys, read from its own URL or from a copy: never from a URL in a card or a statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx
from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from client.errors import KeysUnavailable
from client.key_pins import OPTION, KeyPins

KEYS_PATH: Final = "/.well-known/jwks.json"
ALGORITHM: Final = "ES256"  # RFC 7518 3.4


@dataclass(frozen=True)
class PublishedKeys:
    """The ES256 signing keys of a JWKS, by key id. Other keys are ignored, also keys that are not pinned.

    `url` is where the JWKS was read; the path, if it was read from a file.
    """

    url: str
    keys: Mapping[str, PyJWK]
    pinned: bool = False

    def find(self, kid: object) -> PyJWK | None:
        return self.keys.get(kid) if isinstance(kid, str) else None


def issuer_of(agent: httpx.URL) -> str:
    """The `iss` of the agent's statements: its URL without a slash at the end."""
    return str(agent).rstrip("/")


def jwks_url(issuer: str) -> str:
    return f"{issuer}{KEYS_PATH}"


async def fetch_keys(http: httpx.AsyncClient, url: str, pins: KeyPins) -> PublishedKeys:
    """Reads the JWKS at `url`. Raises KeysUnavailable, also for a redirect, and if no pinned key is among them."""
    try:
        response = await http.get(url)
    except httpx.RequestError as error:
        raise KeysUnavailable(
            f"The keys at {url} cannot be fetched ({type(error).__name__}). Try again later."
        ) from error
    if response.status_code != HTTPStatus.OK:
        raise KeysUnavailable(f"The keys at {url} cannot be fetched ({response.status_code}).")
    found = _keys(response.content, url, pins)
    if pins and not found.keys:
        raise KeysUnavailable(
            f"No key at {url} is one that {OPTION} pins: another party may have taken over the agent's address. "
            "Nothing was sent to it. Ask the agent's operator whether the key has changed."
        )
    return found


def read_keys(file: Path, pins: KeyPins) -> PublishedKeys:
    """Reads a copy of the JWKS. Raises KeysUnavailable, also if no pinned key is among them."""
    try:
        content = file.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise KeysUnavailable(f"The keys in {file} cannot be read ({type(error).__name__}).") from error
    found = _keys(content, str(file), pins)
    if pins and not found.keys:
        raise KeysUnavailable(f"No key in {file} is one that {OPTION} pins.")
    return found


def _keys(content: bytes, url: str, pins: KeyPins) -> PublishedKeys:
    keys = {str(key.key_id): key for key in _parse(content, url) if _signs(key) and pins.allows(key)}
    return PublishedKeys(url, keys, pinned=bool(pins))


def _parse(content: bytes, url: str) -> list[PyJWK]:
    try:
        return PyJWKSet.from_dict(json.loads(content)).keys
    except (PyJWTError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise KeysUnavailable(f"The document at {url} is not a set of keys (JWKS).") from error


def _signs(key: PyJWK) -> bool:
    has_id = isinstance(key.key_id, str) and key.key_id != ""
    return has_id and key.algorithm_name == ALGORITHM and key.public_key_use == "sig"
