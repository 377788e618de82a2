"""Maps errors of the A2A SDK and of HTTP to errors of this program, with advice for the user."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from a2a.client import AgentCardResolutionError
from a2a.utils.errors import A2AError
from google.protobuf.json_format import ParseError

from client.card_requirements import SCOPE
from client.errors import AgentRefused, AgentUnavailable, BadCard, ClientError, NotAuthorized
from client.http_client import ResponseTooLarge
from client.runtime_context import Clock

MAX_RETRY_AFTER_SECONDS = 86_400.0
RETRYABLE = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


@contextmanager
def map_agent_errors(agent: httpx.URL, clock: Clock) -> Iterator[None]:
    """Turns errors of the SDK into AgentUnavailable, NotAuthorized, BadCard or AgentRefused."""
    try:
        yield
    except A2AError as error:
        raise _client_error(error, agent, clock) from error
    # The SDK's parser raises bare errors of Python for JSON of another shape, and RecursionError for deep JSON.
    except (ParseError, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        raise AgentRefused(f"The agent at {agent} sent a response that cannot be parsed.") from error


def _client_error(error: A2AError, agent: httpx.URL, clock: Clock) -> ClientError:
    cause = error.__cause__
    if isinstance(cause, ResponseTooLarge):
        return AgentRefused(f"The agent at {agent} sent a response that is too long or compressed.")
    if isinstance(cause, httpx.RequestError):
        return AgentUnavailable(
            f"The agent at {agent} cannot be reached ({type(cause).__name__}). "
            "Is it running? `make up` starts the local one."
        )
    if isinstance(cause, httpx.HTTPStatusError):
        return _status_error(error, cause.response, agent, clock)
    if isinstance(error, AgentCardResolutionError):
        return BadCard(f"The card at {agent} is not an agent card of A2A. Check --agent.")
    return AgentRefused(f"The agent at {agent} refused: {error.message}")


def _status_error(error: A2AError, response: httpx.Response, agent: httpx.URL, clock: Clock) -> ClientError:
    status = response.status_code
    if status in RETRYABLE:
        return AgentUnavailable(
            f"The agent at {agent} is not available ({status}). Try again later.",
            retry_after_seconds=retry_after_seconds(response.headers.get("Retry-After", ""), clock()),
        )
    if status == HTTPStatus.UNAUTHORIZED:
        return NotAuthorized(
            f"The agent at {agent} does not accept our token (401). Check --audience and the identity provider."
        )
    if status == HTTPStatus.FORBIDDEN:
        return NotAuthorized(
            f"This client may not ask the agent at {agent} (403). The identity provider must grant it {SCOPE}, "
            "and it must be registered with the agent."
        )
    if status == HTTPStatus.CONTENT_TOO_LARGE:
        return AgentRefused(f"The question is longer than the agent at {agent} accepts (413).")
    return AgentRefused(f"The agent at {agent} refused ({status}): {error.message}")


def retry_after_seconds(header: str, now: datetime) -> float:
    """Retry-After (RFC 9110 10.2.3), seconds or a date, as seconds from now, at most a day.

    0 if it is absent, past or invalid.
    """
    if header.strip().isdecimal():
        return min(float(header), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(header)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - now).total_seconds()
    except (ValueError, TypeError, LookupError, OverflowError):  # the parser raises each of them for some invalid date
        return 0.0
    return min(max(0.0, seconds), MAX_RETRY_AFTER_SECONDS)
