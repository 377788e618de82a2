"""Maps our errors to A2A's (A2A 5.4) around the methods of the request handler."""

import functools
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager

from a2a.server.context import ServerCallContext
from a2a.server.events import Event
from a2a.utils.errors import A2AError, InvalidParamsError, TaskNotFoundError, UnsupportedOperationError
from botocore.exceptions import BotoCoreError, ClientError
from staff0.errors import TaskClosed, TaskConflict, TaskNotFound, TooManyWebhooks
from staff0.observability import logger
from staff0.tasks import MAX_PUSH_CONFIGS

from hr_agent.protocol.sdk_workarounds.exception_texts import hidden_exception_texts
from hr_agent.protocol.sdk_workarounds.server_sent_events import note_event_id
from hr_agent.protocol.sdk_workarounds.service_unavailable import ServiceUnavailable

type Method[H, P, R] = Callable[[H, P, ServerCallContext], Awaitable[R]]
type Stream[H, P] = Callable[[H, P, ServerCallContext], AsyncGenerator[Event]]


def map_errors[H, P, R](method: Method[H, P, R]) -> Method[H, P, R]:
    """The method then raises A2AError, or ServiceUnavailable while AWS is down or after too many conflicts."""

    @functools.wraps(method)
    async def call(handler: H, params: P, context: ServerCallContext) -> R:
        with hidden_exception_texts(), _a2a_errors():
            return await method(handler, params, context)

    return call


def map_stream_errors[H, P](method: Stream[H, P]) -> Stream[H, P]:
    """The same for a stream; also notes the ids of its events.

    An outage after the first event ends the stream without an error: the client subscribes again and has lost nothing.
    """

    @functools.wraps(method)
    async def call(handler: H, params: P, context: ServerCallContext) -> AsyncGenerator[Event]:
        has_begun = False
        try:
            with hidden_exception_texts(), _a2a_errors():
                async for event in method(handler, params, context):
                    has_begun = True
                    note_event_id(context, event)
                    yield event
        except ServiceUnavailable:
            if not has_begun:
                raise

    return call


@contextmanager
def _a2a_errors() -> Iterator[None]:
    try:
        yield
    except TaskNotFound:
        raise TaskNotFoundError from None
    except TaskClosed as error:
        # No word of asking again: a model would obey, and the phone would ring again for an answer that is there.
        raise UnsupportedOperationError(message=str(error), data={"taskId": error.task_id}) from None
    except TooManyWebhooks:
        raise InvalidParamsError(message=f"A task has at most {MAX_PUSH_CONFIGS} webhooks.") from None
    except (BotoCoreError, ClientError, TaskConflict) as error:
        logger.error("a dependency is not available", extra={"error": type(error).__name__})
        raise ServiceUnavailable from None
    except A2AError as error:
        logger.info("a call was rejected", extra={"error": type(error).__name__})
        raise
