"""Ids for the events of a stream (WHATWG HTML 9.2.6), which the SDK's dispatchers leave out.

A client whose stream has ended sends the id of its last event, and gets the events after it. The SDK offers no
such replay: https://github.com/a2aproject/a2a-python/issues/832
"""

from collections import deque
from typing import Final

from a2a.server.context import ServerCallContext
from a2a.server.events import Event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEY: Final = "staff0.event_ids"


class EventIdMiddleware:
    """Adds the noted ids to the events of a response: the dispatchers send one chunk for each event, in their order."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ids: deque[str] = deque()
        scope[_KEY] = ids

        async def send_with_id(message: Message) -> None:
            if ids and message.get("body", b"").startswith(b"data:"):
                message = {**message, "body": f"id: {ids.popleft()}\r\n".encode() + message["body"]}
            await send(message)

        await self._app(scope, receive, send_with_id)


def share_event_ids(scope: Scope, context: ServerCallContext) -> None:
    """Lets `note_event_id` reach the response of this request."""
    context.state[_KEY] = scope[_KEY]


def note_event_id(context: ServerCallContext, event: Event) -> None:
    """Notes the id of the next event of the stream."""
    context.state[_KEY].append(event.metadata["event_id"])
