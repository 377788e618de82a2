"""What one answer of the token endpoint means. The body's `error` decides, never the status (CIBA Core 11)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import httpx
from pydantic import SecretStr
from staff0.errors import IdpRejectedClient

_SLOW_DOWN_SECONDS: Final = 5  # CIBA Core 11: at least, for this and all later polls
_BACK_OFF: Final = 2
_MOST_DIGITS: Final = 6  # a longer number is no wait anybody means


class PollOutcome(StrEnum):
    """What one poll tells us."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    LOST = "lost"  # the id was used already: the answer that held the token never reached us


@dataclass(frozen=True)
class PollResult:
    """`interval_seconds` holds for all later polls; the next one waits at least `wait_seconds`.

    `has_failed`: the tenant gave no answer that says anything of the request.
    """

    outcome: PollOutcome
    interval_seconds: int
    wait_seconds: int = 0
    access_token: SecretStr | None = None
    id_token: SecretStr | None = None
    has_failed: bool = False


_ENDINGS: Final = {
    "expired_token": PollOutcome.EXPIRED,
    "invalid_grant": PollOutcome.LOST,
    "transaction_failed": PollOutcome.EXPIRED,
    # Auth0's word for an employee without push notifications: nobody can answer.
    "invalid_request": PollOutcome.EXPIRED,
}
_OUR_FAULT: Final = {"invalid_client", "unauthorized_client", "unsupported_grant_type"}


def read_answer(response: httpx.Response, interval_seconds: int, *, expired: bool) -> PollResult:
    """The meaning of a token endpoint's answer.

    `expired` is our own clock's word: Auth0 may call an expiry access_denied. What cannot be read, a 5xx and a 429
    without slow_down count as pending. Raises IdpRejectedClient when our own configuration is wrong.
    """
    body = json_object(response)
    error = str(body.get("error", ""))
    if response.is_success and "access_token" in body:
        return _approved(body, interval_seconds)
    # Auth0 calls a wrong secret access_denied too: the one place where the status must be asked.
    wrong_secret = error == "access_denied" and response.status_code == httpx.codes.UNAUTHORIZED
    if error in _OUR_FAULT or wrong_secret:
        raise IdpRejectedClient(f"the token endpoint answers {error}")
    if error == "slow_down":
        return _slower(response, body, interval_seconds)
    if error == "access_denied":
        return PollResult(PollOutcome.EXPIRED if expired else PollOutcome.DENIED, interval_seconds)
    if error == "authorization_pending":
        return PollResult(PollOutcome.PENDING, interval_seconds)
    if error in _ENDINGS:
        return PollResult(_ENDINGS[error], interval_seconds)
    return unanswered(interval_seconds, _seconds(response.headers.get("Retry-After")))


def unanswered(interval_seconds: int, retry_after_seconds: int = 0) -> PollResult:
    """Still pending, and the next poll backs off (RFC 8628 3.5 asks for it after a timeout)."""
    wait_seconds = max(_BACK_OFF * interval_seconds, retry_after_seconds)
    return PollResult(PollOutcome.PENDING, interval_seconds, wait_seconds, has_failed=True)


def json_object(response: httpx.Response) -> dict[str, Any]:
    """The body as a JSON object; an empty one for anything else."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _approved(body: dict[str, Any], interval_seconds: int) -> PollResult:
    return PollResult(
        PollOutcome.APPROVED,
        interval_seconds,
        access_token=SecretStr(str(body["access_token"])),
        id_token=SecretStr(str(body.get("id_token", ""))),
    )


def _slower(response: httpx.Response, body: dict[str, Any], interval_seconds: int) -> PollResult:
    interval = max(
        interval_seconds + _SLOW_DOWN_SECONDS,
        _seconds(response.headers.get("Retry-After")),
        _seconds(body.get("interval")),
    )
    return PollResult(PollOutcome.PENDING, interval, wait_seconds=interval)


def _seconds(value: object) -> int:
    """Whole seconds of a header or a field, 0 for anything that is not a number of them."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0
