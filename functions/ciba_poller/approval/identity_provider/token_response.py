"""Parses responses of the token endpoint to a poll. The body's `error` decides, not the status (CIBA Core 11)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import httpx
from staff0.errors import IdpRejectedClient
from staff0.secret_str import SecretStr

from approval.identity_provider.error_response import ErrorResponse, json_object, parse_error_response

_SLOW_DOWN_SECONDS: Final = 5  # CIBA Core 11: the interval grows by at least this, for all later polls
_BACK_OFF_FACTOR: Final = 2
_MAX_DIGITS: Final = 6  # a longer number is not a plausible wait


class PollOutcome(StrEnum):
    """The state of an authentication request after one poll (CIBA Core 11)."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    NO_PUSH = "no_push"  # the employee has no push notifications, so cannot answer
    REFUSED = "refused"  # the identity provider denied the request, not the employee
    UNVERIFIED = "unverified"  # approved, but the key of the tokens is not known yet
    CODE_ALREADY_USED = "code_already_used"  # the response that held the token did not reach us


@dataclass(frozen=True)
class IssuedTokens:
    """The tokens of a successful response, not verified; empty where the response has no ID token."""

    access_token: SecretStr
    id_token: SecretStr


@dataclass(frozen=True)
class VerifiedToken:
    """The employee's access token, with its claim exp.

    `granted_facts` are None if no authorization details were requested. `token_id_hash` is the SHA-256 of the
    claim jti.
    """

    access_token: SecretStr
    expires_at: datetime
    granted_facts: tuple[str, ...] | None = None
    token_id_hash: str | None = None


@dataclass(frozen=True)
class PollResult:
    """`interval_seconds` is the interval for all later polls.

    The next poll waits for the `wait_seconds` that the server asks for, and rather for `back_off_seconds`.
    `verified` is the token of the outcome APPROVED, `unverified` are the tokens of the outcome UNVERIFIED; else None.
    `has_failed` is True for a poll without a response, or with one that says nothing about the request.
    """

    outcome: PollOutcome
    interval_seconds: int
    wait_seconds: int = 0
    back_off_seconds: int = 0
    verified: VerifiedToken | None = None
    unverified: IssuedTokens | None = None
    has_failed: bool = False


_OUTCOMES: Final = {
    "authorization_pending": PollOutcome.PENDING,
    "expired_token": PollOutcome.EXPIRED,
    "invalid_grant": PollOutcome.CODE_ALREADY_USED,
    "transaction_failed": PollOutcome.EXPIRED,
    "invalid_request": PollOutcome.NO_PUSH,  # as Auth0's own SDK reads it
}
_CLIENT_ERRORS: Final = {"invalid_client", "unauthorized_client", "unsupported_grant_type"}


def parse_tokens(response: httpx.Response) -> IssuedTokens | None:
    """The tokens of a successful response; None for any other response."""
    body = json_object(response)
    if not response.is_success or "access_token" not in body:
        return None
    return IssuedTokens(SecretStr(str(body["access_token"])), SecretStr(str(body.get("id_token", ""))))


def parse_error(response: httpx.Response, interval_seconds: int, *, is_expired: bool, denial: str) -> PollResult:
    """The result of a poll whose response holds no tokens.

    `is_expired` says whether the request has expired by our own clock: Auth0 may answer access_denied then. `denial` is
    how the description begins when the employee refused. A response that is not JSON, a 5xx and a 429 without slow_down
    count as pending.
    Raises IdpRejectedClient when the identity provider does not accept our client.
    """
    answer = parse_error_response(response)
    # Auth0 answers access_denied for a wrong secret too; only here the status decides.
    has_wrong_secret = answer.error == "access_denied" and response.status_code == httpx.codes.UNAUTHORIZED
    if answer.error in _CLIENT_ERRORS or has_wrong_secret:
        raise IdpRejectedClient(f"the token endpoint answers {answer.error}", log_fields=answer.log_fields())
    if answer.error == "slow_down":
        return _slow_down(response, json_object(response), interval_seconds)
    if answer.error == "access_denied":
        return PollResult(_access_denied(answer, is_expired=is_expired, denial=denial), interval_seconds)
    if answer.error in _OUTCOMES:
        return PollResult(_OUTCOMES[answer.error], interval_seconds)
    return failed_poll(interval_seconds, _seconds(response.headers.get("Retry-After")))


def _access_denied(answer: ErrorResponse, *, is_expired: bool, denial: str) -> PollOutcome:
    """Who denied: Auth0 answers access_denied also for an Action, a rule or a revoked grant.

    Without a description it is the employee, as CIBA Core 11 defines the code.
    """
    if answer.description and not answer.description.lower().startswith(denial.lower()):
        return PollOutcome.NO_PUSH if answer.says_no_push() else PollOutcome.REFUSED
    return PollOutcome.EXPIRED if is_expired else PollOutcome.DENIED


def failed_poll(interval_seconds: int, retry_after_seconds: int = 0) -> PollResult:
    """The result of a poll without a usable response: pending, and the next poll backs off (RFC 8628 3.5)."""
    back_off_seconds = _BACK_OFF_FACTOR * interval_seconds
    return PollResult(PollOutcome.PENDING, interval_seconds, retry_after_seconds, back_off_seconds, has_failed=True)


def _slow_down(response: httpx.Response, body: dict[str, Any], interval_seconds: int) -> PollResult:
    retry_after_seconds = _seconds(response.headers.get("Retry-After"))
    interval = max(interval_seconds + _SLOW_DOWN_SECONDS, retry_after_seconds, _seconds(body.get("interval")))
    return PollResult(PollOutcome.PENDING, interval, retry_after_seconds)


def _seconds(value: object) -> int:
    """Whole seconds of a header or field; 0 for a value that is not a number of seconds."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= _MAX_DIGITS else 0
