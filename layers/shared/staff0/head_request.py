"""HEAD requests (RFC 9110 9.3.2): a client asks whether a document exists or has changed, without fetching it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

type _Message = MutableMapping[str, Any]
type _Receive = Callable[[], Awaitable[_Message]]
type _Send = Callable[[_Message], Awaitable[None]]
type _App = Callable[[MutableMapping[str, Any], _Receive, _Send], Awaitable[None]]


class HeadRequestMiddleware:
    """Answers HEAD with the status and headers of GET, and without the body, which a server need not remove."""

    def __init__(self, app: _App) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: _Receive, send: _Send) -> None:
        async def send_without_body(message: _Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self._app(scope, receive, send_without_body if is_head else send)
