"""What the SDK raises, told as what happened to the agent and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from a2a.utils.errors import A2AError
from google.protobuf.json_format import ParseError

from client.card_requirements import SCOPE
from client.errors import AgentRefused, AgentUnavailable, ClientError, NotAuthorized
from client.runtime_context import Clock

TRY_AGAIN = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


@contextmanager
def agent_failures(agent: httpx.URL, clock: Clock) -> Iterator[None]:
    """Raises the SDK's errors as AgentUnavailable, NotAuthorized or AgentRefused."""
    try:
        yield
    except A2AError as error:
        raise _told(error, agent, clock) from error
    # The SDK's parser meets a result that is no object with a bare TypeError.
    except (ParseError, ValueError, TypeError) as error:
        raise AgentRefused(f"The agent at {agent} gave an answer that cannot be read.") from error


def _told(error: A2AError, agent: httpx.URL, clock: Clock) -> ClientError:
    cause = error.__cause__
    if isinstance(cause, httpx.RequestError):
        return AgentUnavailable(
            f"The agent at {agent} cannot be reached ({type(cause).__name__}). "
            "Is it running? `make up` starts the local one."
        )
    if isinstance(cause, httpx.HTTPStatusError):
        return _told_by_status(error, cause.response, agent, clock)
    return AgentRefused(f"The agent at {agent} refused: {error.message}")


def _told_by_status(error: A2AError, response: httpx.Response, agent: httpx.URL, clock: Clock) -> ClientError:
    status = response.status_code
    if status in TRY_AGAIN:
        return AgentUnavailable(
            f"The agent at {agent} is not available ({status}). Try again later.",
            retry_after_seconds=retry_after_seconds(response.headers.get("Retry-After", ""), clock()),
        )
    if status == HTTPStatus.UNAUTHORIZED:
        return NotAuthorized(f"The agent at {agent} does not accept our token (401). Check --audience and the tenant.")
    if status == HTTPStatus.FORBIDDEN:
        return NotAuthorized(
            f"This client may not ask the agent at {agent} (403). The tenant must grant it {SCOPE}, "
            "and the agent must know it."
        )
    return AgentRefused(f"The agent at {agent} refused ({status}): {error.message}")


def retry_after_seconds(header: str, now: datetime) -> float:
    """Retry-After (RFC 9110, 10.2.3), seconds or a date, as seconds from now; 0 if absent, past or unreadable."""
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
