"""Server-sent events (WHATWG HTML 9.2.6) with ids and with LF as line end, both of which the SDK's dispatchers lack.

A client whose stream has ended sends the id of its last event, and gets the events after it. The SDK offers no
such replay: https://github.com/a2aproject/a2a-python/issues/832

The SDK leaves the line end to sse-starlette (a2a-sdk 1.3.0, a2a/server/routes/common.py:67), which takes CR LF. All
three line ends are allowed, but parsers written by hand often split events at two LFs.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from a2a.server.events import Event

    from hr_agent.protocol.call_context import CallContext

_KEY: Final = "staff0.event_ids"


class ServerSentEventsMiddleware:
    """Adds the noted ids to the events of a response: the dispatchers send one chunk for each event, in their order.

    The only line ends in an event are those between its lines: JSON has escapes instead.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ids: deque[str] = deque()
        scope[_KEY] = ids
        is_stream = False

        async def send_event(message: Message) -> None:
            nonlocal is_stream
            if message["type"] == "http.response.start":
                is_stream = Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream")
            elif is_stream and message["type"] == "http.response.body":
                message = {**message, "body": _with_id(message.get("body", b"").replace(b"\r\n", b"\n"), ids)}
            await send(message)

        await self._app(scope, receive, send_event)


def _with_id(chunk: bytes, ids: deque[str]) -> bytes:
    return f"id: {ids.popleft()}\n".encode() + chunk if ids and chunk.startswith(b"data:") else chunk


def share_event_ids(scope: Scope, context: CallContext) -> None:
    """Lets `note_event_id` reach the response of this request."""
    context.state[_KEY] = scope[_KEY]


def note_event_id(context: CallContext, event: Event) -> None:
    """Notes the id of the next event of the stream."""
    context.state[_KEY].append(event.metadata["event_id"])
