"""The agent's public keys, read from the agent's own URL only: never from a URL in a card or a statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
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
    """The ES256 signing keys of the JWKS at `url`, by key id. Other keys are ignored, also keys that are not pinned."""

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
    keys = {str(key.key_id): key for key in _parse(response, url) if _signs(key) and pins.allows(key)}
    if pins and not keys:
        raise KeysUnavailable(
            f"No key at {url} is one that {OPTION} pins: another party may have taken over the agent's address. "
            "Nothing was sent to it. Ask the agent's operator whether the key has changed."
        )
    return PublishedKeys(url, keys, pinned=bool(pins))


def _parse(response: httpx.Response, url: str) -> list[PyJWK]:
    try:
        return PyJWKSet.from_dict(json.loads(response.content)).keys
    except (PyJWTError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise KeysUnavailable(f"The document at {url} is not a set of keys (JWKS).") from error


def _signs(key: PyJWK) -> bool:
    has_id = isinstance(key.key_id, str) and key.key_id != ""
    return has_id and key.algorithm_name == ALGORITHM and key.public_key_use == "sig"
