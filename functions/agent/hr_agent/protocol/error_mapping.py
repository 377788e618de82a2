"""Checks a request's required fields, and maps our errors to A2A's (A2A 5.4), around the request handler's methods."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Any, cast

from a2a.utils.errors import A2AError, InvalidParamsError, TaskNotFoundError, UnsupportedOperationError
from a2a.utils.proto_utils import validate_proto_required_fields
from botocore.exceptions import BotoCoreError, ClientError
from google.protobuf.message import Message
from staff0.errors import TaskClosed, TaskConflict, TaskNotFound, TooManyWebhooks
from staff0.observability import logger
from staff0.tasks import MAX_PUSH_CONFIGS

from hr_agent.protocol.sdk_workarounds.exception_texts import hidden_exception_texts
from hr_agent.protocol.sdk_workarounds.server_sent_events import note_event_id
from hr_agent.protocol.sdk_workarounds.service_unavailable import ServiceUnavailable

if TYPE_CHECKING:
    from a2a.server.events import Event

    from hr_agent.protocol.call_context import CallContext

type Method = Callable[[Any, Any, CallContext], Awaitable[Any]]
type Stream = Callable[[Any, Any, CallContext], AsyncGenerator[Event]]


def map_errors[F: Method](method: F) -> F:
    """The method then raises A2AError, or ServiceUnavailable while AWS is down or after too many conflicts."""

    @functools.wraps(method)
    async def call(handler: object, params: Message, context: CallContext) -> object:
        validate_proto_required_fields(params)
        with hidden_exception_texts(), _a2a_errors():
            return await method(handler, params, context)

    return cast("F", call)


def map_stream_errors[F: Stream](method: F) -> F:
    """The same for a stream; also notes the ids of its events.

    An outage after the first event ends the stream without an error: the client subscribes again and has lost nothing.
    """

    @functools.wraps(method)
    async def call(handler: object, params: Message, context: CallContext) -> AsyncGenerator[Event]:
        validate_proto_required_fields(params)
        has_begun = False
        try:
            with hidden_exception_texts(), _a2a_errors():
                async with aclosing(method(handler, params, context)) as events:
                    async for event in events:
                        has_begun = True
                        note_event_id(context, event)
                        yield event
        except ServiceUnavailable:
            if not has_begun:
                raise

    return cast("F", call)


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
