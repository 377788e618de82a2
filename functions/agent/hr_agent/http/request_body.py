"""Checks of a request's body before the protocol reads it."""

import json
from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hr_agent.http.error_responses import ErrorResponse, invalid_json
from hr_agent.limits import MAX_JSON_VALUES, MAX_REQUEST_BYTES

_MEDIA_TYPES = {"application/json", "application/a2a+json"}  # A2A 11.1


class RequestBodyMiddleware:
    """Answers 413 for a body of too many bytes or values, 415 for another media type, a parse error for invalid JSON.

    `is_valid_json` decides about the last.
    """

    def __init__(self, app: ASGIApp, is_valid_json: Callable[[bytes], bool]) -> None:
        self._app = app
        self._is_valid_json = is_valid_json

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        error = self._error(scope, body)
        if error:
            await error(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), send)

    def _error(self, scope: Scope, body: bytes) -> Response | None:
        if len(body) > MAX_REQUEST_BYTES:
            return _too_large(scope, f"The request body is longer than {MAX_REQUEST_BYTES} bytes.")
        if body and _media_type(scope) not in _MEDIA_TYPES:
            message = "The content type must be application/json or application/a2a+json."
            return ErrorResponse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message).to_response(scope["path"])
        if body and not self._is_valid_json(body):
            return invalid_json(scope["path"])
        if body and _has_too_many_values(json.loads(body)):
            return _too_large(scope, f"The request body has more than {MAX_JSON_VALUES} JSON values.")
        return None


def _too_large(scope: Scope, message: str) -> Response:
    return ErrorResponse(HTTPStatus.CONTENT_TOO_LARGE, message).to_response(scope["path"])


def _has_too_many_values(parsed: object) -> bool:
    found, pending = 0, [parsed]
    while pending and found <= MAX_JSON_VALUES:
        found += 1
        match pending.pop():
            case dict() as members:
                pending.extend(members.values())
            case list() as items:
                pending.extend(items)
    return found > MAX_JSON_VALUES


async def _read(receive: Receive) -> bytes:
    """The whole body; reading stops once it is too long."""
    body, more = b"", True
    while more and len(body) <= MAX_REQUEST_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _media_type(scope: Scope) -> str:
    return Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()


def _replay(body: bytes, receive: Receive) -> Receive:
    """Gives the body once, then what the server sends: a stream listens there for its client's disconnect."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
