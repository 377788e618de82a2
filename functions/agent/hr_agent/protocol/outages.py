"""An outage behind the agent answers 503 in either binding, instead of what a dispatcher would make of it."""

import functools
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager

from a2a.server.context import ServerCallContext
from a2a.server.events import Event
from a2a.utils.errors import A2AError, InternalError, TaskNotFoundError, UnsupportedOperationError
from botocore.exceptions import BotoCoreError, ClientError
from staff0.errors import TaskClosed, TaskConflict, TaskNotFound
from staff0.observability import logger
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hr_agent.http.caller import EVENT_IDS_KEY, OUTAGE_KEY
from hr_agent.http.error_responses import service_unavailable

type Method[H, P, R] = Callable[[H, P, ServerCallContext], Awaitable[R]]
type Stream[H, P] = Callable[[H, P, ServerCallContext], AsyncGenerator[Event]]


class OutageMiddleware:
    """Replaces an answer whose call met an outage before it began (see `map_errors`)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        outages: list[str] = []
        scope[OUTAGE_KEY] = outages
        is_replaced = False

        async def send_or_replace(message: Message) -> None:
            nonlocal is_replaced
            if message["type"] == "http.response.start" and outages:
                is_replaced = True
                await service_unavailable(scope["path"])(scope, receive, send)
            elif not is_replaced:
                await send(message)

        await self._app(scope, receive, send_or_replace)


def map_errors[H, P, R](method: Method[H, P, R]) -> Method[H, P, R]:
    """Says our errors in A2A's words (A2A 5.4) and notes outages for the door."""

    @functools.wraps(method)
    async def call(handler: H, params: P, context: ServerCallContext) -> R:
        with _protocol_words(context):
            return await method(handler, params, context)

    return call


def map_stream_errors[H, P](method: Stream[H, P]) -> Stream[H, P]:
    """The same for a stream, whose events get ids.

    An outage in its middle ends it in order: the client subscribes again and has lost nothing.
    """

    @functools.wraps(method)
    async def call(handler: H, params: P, context: ServerCallContext) -> AsyncGenerator[Event]:
        has_begun = False
        try:
            with _protocol_words(context):
                async for event in method(handler, params, context):
                    has_begun = True
                    context.state[EVENT_IDS_KEY].append(event.metadata["event_id"])
                    yield event
        except A2AError:
            if not (has_begun and context.state[OUTAGE_KEY]):
                raise

    return call


@contextmanager
def _protocol_words(context: ServerCallContext) -> Iterator[None]:
    try:
        yield
    except TaskNotFound:
        raise TaskNotFoundError from None
    except TaskClosed:
        raise UnsupportedOperationError(message="The task has ended. Please ask in a new task.") from None
    except (BotoCoreError, ClientError, TaskConflict) as error:
        logger.error("a call met an outage", extra={"error": type(error).__name__})
        context.state[OUTAGE_KEY].append(type(error).__name__)
        raise InternalError(message="not available") from None
    except A2AError as error:
        logger.info("a call was refused", extra={"error": type(error).__name__})
        raise
    except Exception as error:  # noqa: BLE001 - the outermost door: the dispatchers would show its text to the caller
        logger.error("a call failed", extra={"error": type(error).__name__, "at": _place(error)})
        raise InternalError from None


def _place(error: Exception) -> str:
    """File and line, without the text, which may hold what the caller wrote."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
