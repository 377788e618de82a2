"""The agent's public keys: from its own address, and from nowhere that a card or a statement may point to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx
from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from client.errors import KeysUnavailable

KEYS_PATH: Final = "/.well-known/jwks.json"
ALGORITHM: Final = "ES256"  # RFC 7518, 3.4


@dataclass(frozen=True)
class PublishedKeys:
    """What `url` publishes for ES256; everything else there is left aside."""

    url: str
    keys: Mapping[str, PyJWK]

    def find(self, kid: object) -> PyJWK | None:
        return self.keys.get(kid) if isinstance(kid, str) else None


def issuer_of(agent: httpx.URL) -> str:
    """The agent's name in what it signs: its address without a slash at the end."""
    return str(agent).rstrip("/")


def keys_url(issuer: str) -> str:
    return f"{issuer}{KEYS_PATH}"


async def fetch_keys(http: httpx.AsyncClient, url: str) -> PublishedKeys:
    """Raises KeysUnavailable. A redirect is not followed: it leads elsewhere."""
    try:
        response = await http.get(url)
    except httpx.RequestError as error:
        raise KeysUnavailable(f"The keys at {url} cannot be had ({type(error).__name__}). Try again later.") from error
    if response.status_code != HTTPStatus.OK:
        raise KeysUnavailable(f"The keys at {url} cannot be had ({response.status_code}).")
    return PublishedKeys(url, {key.key_id: key for key in _read(response, url) if key.key_id and _signs(key)})


def _read(response: httpx.Response, url: str) -> list[PyJWK]:
    try:
        return PyJWKSet.from_dict(json.loads(response.content)).keys
    except (PyJWTError, ValueError, TypeError, AttributeError) as error:
        raise KeysUnavailable(f"What is published at {url} are no keys.") from error


def _signs(key: PyJWK) -> bool:
    return key.algorithm_name == ALGORITHM and key.public_key_use == "sig"
