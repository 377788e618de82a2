"""What a body may be before anybody reads it."""

import json
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hr_agent.http.error_responses import ErrorResponse, invalid_json

MAX_REQUEST_BYTES = 100_000  # a question is a sentence or two; a task must stay far below DynamoDB's 400 KB
_MEDIA_TYPES = {"application/json", "application/a2a+json"}  # A2A 11.1


class RequestBodyMiddleware:
    """413 for what is too long, 415 for what does not say that it is JSON, a parse error for what is not JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        media_type = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
        if len(body) > MAX_REQUEST_BYTES:
            too_long = f"The request is longer than {MAX_REQUEST_BYTES} bytes."
            await ErrorResponse(HTTPStatus.CONTENT_TOO_LARGE, too_long).answer(scope["path"])(scope, receive, send)
        elif body and media_type not in _MEDIA_TYPES:
            not_json = "The content type must be application/json or application/a2a+json."
            await ErrorResponse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, not_json).answer(scope["path"])(scope, receive, send)
        elif body and not _is_json(body):
            await invalid_json(scope["path"])(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), send)


async def _read(receive: Receive) -> bytes:
    """The whole body; reading stops once it is too long."""
    body, more = b"", True
    while more and len(body) <= MAX_REQUEST_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _is_json(body: bytes) -> bool:
    """What can be read and written again: UTF-8, of sane depth, no NaN, no number beyond a double, no lone surrogate.

    The dispatchers read such a body, fail at it later and answer as if the agent were broken.
    """
    try:
        json.dumps(json.loads(body, parse_int=float), allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, OverflowError, RecursionError):
        return False
    return True


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once; then whatever comes, as a stream listens for its client going away."""
    ahead: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return ahead.pop() if ahead else await receive()

    return replay
