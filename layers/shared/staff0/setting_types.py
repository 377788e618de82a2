"""Types of settings, and how the text of an environment variable is read as one of them.

A type is Annotated with msgspec's limits, or with functions that raise ValueError for a wrong text.
"""

import re
from typing import Annotated, Any, Final, Literal, TypeAliasType, get_args, get_origin
from urllib.parse import urlsplit

import msgspec

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


def _https_or_local(url: str) -> None:
    if not is_https_or_local(url):
        raise ValueError("must be https (plain http only on a loopback host)")


def _optional_url(url: str) -> None:
    if url:
        _https_or_local(url)


def _origins(text: str) -> None:
    if text and not all(map(_ORIGIN.fullmatch, text.split(","))):
        raise ValueError("must be origins such as https://app.example, with commas and without spaces between them")


def _ports(text: str) -> None:
    if not all(map(_PORT.fullmatch, text.split(","))):
        raise ValueError("must be ports such as 443,8443, with commas and without spaces between them")


def _bare(url: str) -> None:
    if any(character in url for character in "?# "):
        raise ValueError("must have no query and no fragment (OpenID Connect Discovery 3)")


type Url = Annotated[str, _https_or_local]
type OptionalUrl = Annotated[str, _optional_url]
type Issuer = Annotated[str, _https_or_local, _bare]
type Origins = Annotated[str, _origins]  # as browsers send them (RFC 6454 6.2)
type Ports = Annotated[str, _ports]
type Name = Annotated[str, msgspec.Meta(min_length=1)]


class RetiredKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The public half of a key that no longer signs (RFC 7517, RFC 7518 6.2.1). Private members are refused."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Name
    y: Name
    kid: Name
    use: Literal["sig"] = "sig"
    alg: Literal["ES256"] = "ES256"


type RetiredKeys = tuple[RetiredKey, ...]  # in JSON


def read_setting(kind: Any, text: str) -> Any:  # noqa: ANN401 - any type of a setting
    """The text as a value of this type. Raises ValueError, whose message has no value of it."""
    while isinstance(kind, TypeAliasType):
        kind = kind.__value__
    try:
        value = msgspec.json.decode(text, type=kind) if get_origin(kind) is tuple else _convert(kind, text)
    except msgspec.ValidationError as error:
        raise ValueError(_without_value(str(error))) from None
    except msgspec.DecodeError:
        raise ValueError("is not valid JSON") from None
    for check in get_args(kind)[1:] if get_origin(kind) is Annotated else ():
        if callable(check):
            check(value)
    return value


def _without_value(problem: str) -> str:
    """msgspec's message without the value, which it quotes where only some are allowed."""
    return "is not one of the allowed values" if problem.startswith("Invalid enum value") else problem


def _convert(kind: Any, text: str) -> Any:  # noqa: ANN401
    return msgspec.convert(text, kind, strict=False)
