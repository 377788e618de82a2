"""Validated types of settings: URLs, names and public keys."""

import re
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from staff0.loopback import is_loopback

_ORIGIN: Final = re.compile(r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?")
# 1 to 65535
_PORT: Final = re.compile(r"[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]")
_CONTAINER_HOST = "host.docker.internal"  # the name by which a container reaches the machine that runs it


def is_https_or_local(url: str) -> bool:
    """Whether it is an https URL, or a plain http URL of this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    is_local = is_loopback(host) or host == _CONTAINER_HOST
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_local))


def _https_or_local(url: str) -> str:
    if not is_https_or_local(url):
        raise ValueError("must be https (plain http only on a loopback host)")
    return url


def _optional_url(url: str) -> str:
    return _https_or_local(url) if url else url


def _origins(text: str) -> str:
    if text and not all(map(_ORIGIN.fullmatch, text.split(","))):
        raise ValueError("must be origins such as https://app.example, with commas and without spaces between them")
    return text


def _ports(text: str) -> str:
    if not all(map(_PORT.fullmatch, text.split(","))):
        raise ValueError("must be ports such as 443,8443, with commas and without spaces between them")
    return text


def _bare(url: str) -> str:
    if any(character in url for character in "?# "):
        raise ValueError("must have no query and no fragment (OpenID Connect Discovery 3)")
    return url


type Url = Annotated[str, AfterValidator(_https_or_local)]
type OptionalUrl = Annotated[str, AfterValidator(_optional_url)]
type Issuer = Annotated[str, AfterValidator(_https_or_local), AfterValidator(_bare)]
type Origins = Annotated[str, AfterValidator(_origins)]  # as browsers send them (RFC 6454 6.2)
type Ports = Annotated[str, AfterValidator(_ports)]
type Name = Annotated[str, StringConstraints(min_length=1)]


class RetiredKey(BaseModel):
    """The public half of a key that no longer signs (RFC 7517, RFC 7518 6.2.1). Private members are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Name
    y: Name
    kid: Name
    use: Literal["sig"] = "sig"
    alg: Literal["ES256"] = "ES256"
