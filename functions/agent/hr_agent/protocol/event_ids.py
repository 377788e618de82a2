"""Gives each event of a stream its id (WHATWG HTML 9.2.6), which the SDK's dispatchers leave out.

A client that lost its stream, or met the end of a window, names the last id it has and goes on behind it.
"""

from collections import deque

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hr_agent.http.caller import EVENT_IDS_KEY


class EventIdMiddleware:
    """The handler notes an id with each event it yields; the dispatchers send one chunk for each, in that order."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ids: deque[str] = deque()
        scope[EVENT_IDS_KEY] = ids

        async def send_with_id(message: Message) -> None:
            if ids and message.get("body", b"").startswith(b"data:"):
                message = {**message, "body": f"id: {ids.popleft()}\r\n".encode() + message["body"]}
            await send(message)

        await self._app(scope, receive, send_with_id)
