"""Validated types of the values in .env. Their errors never contain the value, which may be a secret."""

import re
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from local.cli.paths import PROJECT

_HOST: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_LOCAL: Final = {("http", "127.0.0.1"), ("http", "localhost")}
_TEXT: Final = re.compile(r"[\x21-\x7e]*")


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _host(domain: str) -> str:
    """The bare host of a domain that was copied with https://, a slash at the end or capitals."""
    host = domain.lower().removeprefix("https://").removesuffix("/")
    if host and not _HOST.fullmatch(host):
        raise ValueError("must be a host name such as your-tenant.eu.auth0.com")
    return host


def _text(text: str) -> str:
    if not _TEXT.fullmatch(text):
        raise ValueError("must not have blanks or characters outside ASCII, such as the … of an example")
    return text


def _url(url: str) -> str:
    parts = urlsplit(url)
    if url and not (parts.hostname and (parts.scheme == "https" or (parts.scheme, parts.hostname) in _LOCAL)):
        raise ValueError("must be an https URL (plain http on 127.0.0.1 or localhost only)")
    return url


def _secret(secret: SecretStr) -> SecretStr:
    _text(secret.get_secret_value())
    return secret


def _file(path: str) -> str:
    """An absolute path, since functions have another working directory."""
    if not path:
        return ""
    file = PROJECT / Path(path).expanduser()
    if not file.is_file():
        raise ValueError("must be the path of an existing file")
    return str(file)


def _proxy(url: str) -> str:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("must be a URL such as http://proxy.example:3128")
    return url


type Port = Annotated[int, Field(ge=1, le=65535)]
type Host = Annotated[str, BeforeValidator(_trimmed), AfterValidator(_host)]
type Text = Annotated[str, BeforeValidator(_trimmed), AfterValidator(_text)]
type Words = Annotated[str, Field(pattern=r"^[\x20-\x7e]+$")]
type Url = Annotated[str, BeforeValidator(_trimmed), AfterValidator(_text), AfterValidator(_url)]
type Secret = Annotated[SecretStr, BeforeValidator(_trimmed), AfterValidator(_secret)]
type ExistingFile = Annotated[str, BeforeValidator(_trimmed), AfterValidator(_file)]
type Proxy = Annotated[str, BeforeValidator(_trimmed), AfterValidator(_text), AfterValidator(_proxy)]
