"""HEAD requests (RFC 9110 9.3.2): a client asks whether a document exists or has changed, without fetching it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadRequestMiddleware:
    """Answers HEAD with the status and headers of GET, and without the body, which a server need not remove."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self._app(scope, receive, send_without_body if is_head else send)
