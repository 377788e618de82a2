"""Validation of HTTP API events (payload format 2.0) before Mangum, which raises for any other event."""

import base64
import re
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, Protocol, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

type Handler = Callable[[Any, Any], dict[str, Any]]

_HOST: Final = re.compile(r"[A-Za-z0-9._-]*(:[0-9]{1,5})?")  # Mangum splits at the colon and parses a port
_PORT: Final = re.compile(r"[0-9]{1,5}")


def _without_surrogates(text: str) -> str:
    text.encode()  # raises UnicodeEncodeError, which pydantic turns into a validation error
    return text


type _Text = Annotated[str, AfterValidator(_without_surrogates)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, hide_input_in_errors=True)


class _Http(_Part):
    method: _Text
    path: _Text
    source_ip: Annotated[_Text, Field(alias="sourceIp")]


class _Context(_Part):
    http: _Http
    domain_name: Annotated[_Text, Field(alias="domainName")] = ""


class _HttpEvent(_Part):
    """The fields of the event that Mangum or the application reads."""

    version: Literal["2.0"]
    context: Annotated[_Context, Field(alias="requestContext")]
    headers: dict[_Text, _Text] = {}
    cookies: list[_Text] | None = None
    query: Annotated[_Text, Field(alias="rawQueryString")] = ""
    body: _Text | None = None
    is_base64: Annotated[bool, Field(alias="isBase64Encoded")] = False

    @model_validator(mode="after")
    def _is_readable(self) -> Self:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not _HOST.fullmatch(headers.get("host", "")) or not _PORT.fullmatch(headers.get("x-forwarded-port", "80")):
            raise ValueError("the Host or the X-Forwarded-Port header is not valid")
        if self.is_base64:
            base64.b64decode(self.body or "", validate=True)  # binascii.Error is a ValueError
        return self


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
            _HttpEvent.model_validate(event)
        except ValidationError:
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
