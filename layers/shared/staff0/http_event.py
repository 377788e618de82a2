"""The door before Mangum: it takes an HTTP API's event apart as it comes, and raises for any other."""

import base64
import re
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, Protocol, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

type Handler = Callable[[Any, Any], dict[str, Any]]

_HOST: Final = re.compile(r"[A-Za-z0-9._-]*(:[0-9]{1,5})?")  # Mangum splits at the colon and reads a port behind it
_PORT: Final = re.compile(r"[0-9]{1,5}")


def _without_surrogates(text: str) -> str:
    text.encode()  # UnicodeEncodeError is a ValueError, which pydantic takes for a refusal
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
    """What is read of payload format 2.0."""

    version: Literal["2.0"]
    context: Annotated[_Context, Field(alias="requestContext")]
    headers: dict[_Text, _Text] = {}
    cookies: list[_Text] | None = None
    query: Annotated[_Text, Field(alias="rawQueryString")] = ""
    body: _Text | None = None
    is_base64: Annotated[bool, Field(alias="isBase64Encoded")] = False

    @model_validator(mode="after")
    def _can_be_taken_apart(self) -> Self:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not _HOST.fullmatch(headers.get("host", "")) or not _PORT.fullmatch(headers.get("x-forwarded-port", "80")):
            raise ValueError("the host or the port is none")
        if self.is_base64:
            base64.b64decode(self.body or "", validate=True)  # binascii.Error is a ValueError
        return self


class Answer(Protocol):
    """A web framework's response."""

    @property
    def status_code(self) -> int: ...
    @property
    def media_type(self) -> str | None: ...
    @property
    def body(self) -> bytes | memoryview: ...


def http_event_handler(handler: Handler, refuse: Callable[[str], Answer]) -> Handler:
    """`handler` for what is an event of an HTTP API; for anything else the answer of `refuse`, which gets the path."""

    def door(event: object, context: object) -> dict[str, Any]:
        try:
            _HttpEvent.model_validate(event)
        except ValidationError:
            return _lambda_answer(refuse(_path(event)))
        return handler(event, context)

    return door


def _path(event: object) -> str:
    match event:
        case {"requestContext": {"http": {"path": str(path)}}}:
            return path
    return ""


def _lambda_answer(answer: Answer) -> dict[str, Any]:
    return {
        "statusCode": answer.status_code,
        "headers": {"content-type": answer.media_type},
        "body": bytes(answer.body).decode(),
        "isBase64Encoded": False,
    }
