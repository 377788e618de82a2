"""Responses of the token endpoint (CIBA Core 11)."""

from __future__ import annotations

import httpx
import pytest
from approval.identity_provider.token_response import PollOutcome, PollResult, parse_error, parse_tokens
from hypothesis import given
from hypothesis import strategies as st
from staff0.errors import IdpRejectedClient
from staff0.settings import AUTH0_DENIAL

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
BODIES = st.dictionaries(st.sampled_from(["error", "interval", "error_description"]), JSON_VALUES) | JSON_VALUES


def _parse(response: httpx.Response, *, is_expired: bool = False) -> PollResult:
    return parse_error(response, 5, is_expired=is_expired, denial=AUTH0_DENIAL)


def parse(status: int, body: object, headers: dict[str, str] | None = None, *, is_expired: bool = False) -> PollResult:
    return _parse(httpx.Response(status, json=body, headers=headers), is_expired=is_expired)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 429, 500])
@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("authorization_pending", PollOutcome.PENDING),
        ("expired_token", PollOutcome.EXPIRED),
        ("transaction_failed", PollOutcome.EXPIRED),
        ("invalid_request", PollOutcome.NO_PUSH),
        ("invalid_grant", PollOutcome.CODE_ALREADY_USED),
    ],
)
def test_error_code_decides_at_every_status(error: str, outcome: PollOutcome, status: int) -> None:
    assert parse(status, {"error": error}) == PollResult(outcome, 5)


@pytest.mark.parametrize("status", [400, 403, 429])
def test_access_denied_is_a_denial_before_the_expiry(status: int) -> None:
    assert parse(status, {"error": "access_denied"}).outcome is PollOutcome.DENIED
    assert parse(status, {"error": "access_denied"}, is_expired=True).outcome is PollOutcome.EXPIRED


@pytest.mark.parametrize(
    "description",
    [
        "The end-user denied the authorization request or it has been expired",
        "the End-User denied the authorization request",
        "",
    ],
)
def test_denial_by_the_employee(description: str) -> None:
    body = {"error": "access_denied", "error_description": description}
    assert parse(400, body).outcome is PollOutcome.DENIED
    assert parse(400, body, is_expired=True).outcome is PollOutcome.EXPIRED


@pytest.mark.parametrize("is_expired", [False, True])
@pytest.mark.parametrize(
    ("description", "outcome"),
    [
        ("Approvals are not possible from this country.", PollOutcome.REFUSED),  # an Action's api.access.deny(reason)
        ("The user was denied by a rule", PollOutcome.REFUSED),
        ('Client is not authorized to access "https://staff0/api".', PollOutcome.REFUSED),
        ("Service not enabled within domain: https://staff0/api", PollOutcome.REFUSED),
        ("The user has no confirmed MFA factor", PollOutcome.NO_PUSH),
        ("User is not enrolled in Guardian", PollOutcome.NO_PUSH),
    ],
)
def test_denial_by_the_identity_provider_is_not_the_employees(
    description: str, outcome: PollOutcome, *, is_expired: bool
) -> None:
    body = {"error": "access_denied", "error_description": description}
    assert parse(403, body, is_expired=is_expired) == PollResult(outcome, 5)


def test_denial_in_other_words() -> None:
    response = httpx.Response(400, json={"error": "access_denied", "error_description": "User said no."})
    assert _parse(response).outcome is PollOutcome.REFUSED
    result = parse_error(response, 5, is_expired=False, denial="User said no")
    assert result.outcome is PollOutcome.DENIED


def test_access_denied_with_401_is_a_wrong_secret() -> None:
    with pytest.raises(IdpRejectedClient, match="access_denied"):
        parse(401, {"error": "access_denied"})


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client", "unsupported_grant_type"])
def test_client_error_is_raised(error: str) -> None:
    with pytest.raises(IdpRejectedClient, match=error):
        parse(400, {"error": error})


@pytest.mark.parametrize(
    ("headers", "body", "interval_seconds"),
    [
        ({}, {}, 10),
        ({"Retry-After": "30"}, {}, 30),
        ({}, {"interval": 20}, 20),
        ({"Retry-After": "2"}, {"interval": 1}, 10),
    ],
)
def test_slow_down_takes_the_longest_interval(
    headers: dict[str, str], body: dict[str, int], interval_seconds: int
) -> None:
    result = parse(429, {"error": "slow_down", **body}, headers)
    assert result == PollResult(PollOutcome.PENDING, interval_seconds, int(headers.get("Retry-After", 0)))


def test_retry_after_of_another_error_is_waited_for() -> None:
    result = parse(429, {"error": "too_many_requests"}, {"Retry-After": "42"})
    assert result == PollResult(PollOutcome.PENDING, 5, wait_seconds=42, back_off_seconds=10, has_failed=True)


def test_success_without_access_token_is_a_failed_poll() -> None:
    assert parse_tokens(httpx.Response(200, json={"id_token": "a.b.c"})) is None
    assert parse(200, {"id_token": "a.b.c"}) == PollResult(PollOutcome.PENDING, 5, back_off_seconds=10, has_failed=True)


def test_tokens_are_not_in_the_repr() -> None:
    tokens = parse_tokens(httpx.Response(200, json={"access_token": "a.b.c", "id_token": "d.e.f"}))
    assert tokens is not None
    assert "a.b.c" not in repr(tokens)
    assert "d.e.f" not in repr(tokens)


def test_tokens_of_an_error_status_are_ignored() -> None:
    assert parse_tokens(httpx.Response(400, json={"access_token": "a.b.c"})) is None


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b"", b"NaN", b"1" * 5_000])
def test_invalid_json_is_a_failed_poll(body: bytes) -> None:
    for status in (200, 400, 503):
        response = httpx.Response(status, content=body)
        assert parse_tokens(response) is None
        assert _parse(response).outcome is PollOutcome.PENDING


@given(st.binary(max_size=30).filter(lambda value: not set(value) & set(b"\r\n")))
def test_any_retry_after_is_a_number_of_seconds(value: bytes) -> None:
    response = httpx.Response(503, headers=[(b"Retry-After", value)], json={})
    result = _parse(response)
    assert 0 <= result.wait_seconds < 10**9
    assert result.back_off_seconds >= 5


@given(st.integers(200, 599), BODIES, st.text("0123456789 -.abc", max_size=12))
def test_any_other_response_is_pending_and_keeps_the_interval(status: int, body: object, retry_after: str) -> None:
    result = parse(status, body, {"Retry-After": retry_after})
    assert result.outcome is PollOutcome.PENDING
    assert result.interval_seconds >= 5
