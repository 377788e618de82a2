"""Validation of HTTP API events (payload format 2.0) before Mangum, which raises for any other event."""

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal, Protocol

import msgspec

type Handler = Callable[[Any, Any], dict[str, Any]]

_HOST: Final = re.compile(r"[A-Za-z0-9._-]*(:[0-9]{1,5})?")  # Mangum splits at the colon and parses a port
_PORT: Final = re.compile(r"[0-9]{1,5}")


class _Http(msgspec.Struct, frozen=True, rename="camel"):
    method: str
    path: str
    source_ip: str


class _Context(msgspec.Struct, frozen=True, rename="camel"):
    http: _Http
    domain_name: str = ""


class _HttpEvent(msgspec.Struct, frozen=True, rename="camel"):
    """The fields of the event that Mangum or the application reads."""

    version: Literal["2.0"]
    request_context: _Context
    headers: dict[str, str] = {}
    cookies: list[str] | None = None
    raw_query_string: str = ""
    body: str | None = None
    is_base64_encoded: bool = False

    def require_readable(self) -> None:
        """Raises ValueError where Mangum would fail: half a surrogate pair, a wrong host, port or body in base64."""
        for text in self._texts():
            text.encode()  # UnicodeEncodeError is a ValueError
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not _HOST.fullmatch(headers.get("host", "")) or not _PORT.fullmatch(headers.get("x-forwarded-port", "80")):
            raise ValueError("the Host or the X-Forwarded-Port header is not valid")
        if self.is_base64_encoded:
            base64.b64decode(self.body or "", validate=True)  # binascii.Error is a ValueError

    def _texts(self) -> Iterator[str]:
        http = self.request_context.http
        yield from (http.method, http.path, http.source_ip, self.request_context.domain_name)
        yield from (*self.headers, *self.headers.values(), *(self.cookies or ()))
        yield from (self.raw_query_string, self.body or "")


class ErrorResponse(Protocol):
    """The response of a web framework."""

    @property
    def status_code(self) -> int: ...
    @property
    def media_type(self) -> str | None: ...
    @property
    def body(self) -> bytes | memoryview: ...


def http_event_handler(handler: Handler, invalid_event: Callable[[str], ErrorResponse]) -> Handler:
    """Calls `handler` for an HTTP API event, and answers any other with `invalid_event`, which takes the path."""

    def handle(event: object, context: object) -> dict[str, Any]:
        try:
            msgspec.convert(event, _HttpEvent).require_readable()
        except ValueError:  # msgspec.ValidationError is one
            return _lambda_response(invalid_event(_path(event)))
        return handler(event, context)

    return handle


def _path(event: object) -> str:
    match event:
        case {"requestContext": {"http": {"path": str(path)}}}:
            return path
    return ""


def _lambda_response(response: ErrorResponse) -> dict[str, Any]:
    return {
        "statusCode": response.status_code,
        "headers": {"content-type": response.media_type},
        "body": bytes(response.body).decode(),
        "isBase64Encoded": False,
    }
