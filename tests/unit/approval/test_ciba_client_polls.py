"""The CIBA client: polls of the token endpoint (CIBA Core 10 and 11)."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from approval.identity_provider.ciba_client import CibaClient
from approval.identity_provider.token_response import PollOutcome, PollResult
from staff0.errors import IdpRejectedClient, TokenRejected
from staff0.secret_str import SecretStr

from tests.support.approval_fixtures import ciba_client
from tests.support.approval_workflow import JOHN
from tests.support.ciba_requests import LIFETIME_SECONDS, consent, start
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, drop_request, lose_response, respond


class PolledRequest:
    """An authentication request for John, and its polls."""

    def __init__(self, ciba: CibaClient, clock: FakeClock) -> None:
        self._ciba = ciba
        self.expires_at = clock() + timedelta(seconds=LIFETIME_SECONDS)
        self.auth_req_id: SecretStr = start(ciba).auth_req_id

    def poll(self, interval_seconds: int = 5, ciba: CibaClient | None = None) -> PollResult:
        return (ciba or self._ciba).poll(self.auth_req_id, consent(), interval_seconds, self.expires_at)


@pytest.fixture
def polled(ciba: CibaClient, clock: FakeClock) -> PolledRequest:
    return PolledRequest(ciba, clock)


def test_poll_is_pending_until_the_employee_answers(polled: PolledRequest) -> None:
    assert polled.poll() == PollResult(PollOutcome.PENDING, 5)


def test_poll_returns_the_verified_access_token(polled: PolledRequest, idp: FakeIdp) -> None:
    idp.approve(JOHN)
    result = polled.poll()
    assert result.outcome is PollOutcome.APPROVED
    assert result.verified is not None
    token = result.verified.access_token.get_secret_value()
    assert token.count(".") == 2
    assert token not in repr(result)


@pytest.mark.parametrize("overrides", ["token_overrides", "id_token_overrides"])
def test_poll_rejects_tokens_of_another_employee(polled: PolledRequest, idp: FakeIdp, overrides: str) -> None:
    setattr(idp, overrides, {"sub": "auth0|jane"})
    idp.approve(JOHN)
    with pytest.raises(TokenRejected, match="another employee"):
        polled.poll()


def test_poll_rejects_an_approval_without_id_token(polled: PolledRequest, idp: FakeIdp) -> None:
    body = {"access_token": "a.b.c"}
    idp.fail_next("/oauth/token", lambda _serve, _request: httpx.Response(200, json=body))
    with pytest.raises(TokenRejected):
        polled.poll()


def test_denial_is_denied(polled: PolledRequest, idp: FakeIdp) -> None:
    idp.deny(JOHN)
    assert polled.poll().outcome is PollOutcome.DENIED


def test_expiry_is_not_a_denial(polled: PolledRequest, clock: FakeClock) -> None:
    clock.advance(LIFETIME_SECONDS)
    assert polled.poll().outcome is PollOutcome.EXPIRED


def test_slow_down_widens_all_later_polls(polled: PolledRequest, clock: FakeClock) -> None:
    first = polled.poll()
    second = polled.poll(first.interval_seconds)
    assert (second.outcome, second.interval_seconds) == (PollOutcome.PENDING, 10)
    clock.advance(9)
    assert polled.poll(second.interval_seconds).interval_seconds == 15
    clock.advance(15)
    assert polled.poll(15).interval_seconds == 15


@pytest.mark.parametrize(
    "fault",
    [
        drop_request(),
        drop_request(httpx.ReadTimeout),
        respond(500),
        respond(503, "temporarily_unavailable"),
        respond(429),
        respond(200),
    ],
    ids=["down", "slow", "500", "503", "429", "not JSON"],
)
def test_outage_during_polls_backs_off(polled: PolledRequest, idp: FakeIdp, fault: Fault) -> None:
    idp.fail_next("/oauth/token", fault)
    assert polled.poll() == PollResult(PollOutcome.PENDING, 5, back_off_seconds=10, has_failed=True)
    idp.approve(JOHN)
    assert polled.poll().outcome is PollOutcome.APPROVED


def test_lost_response_is_not_a_denial(polled: PolledRequest, idp: FakeIdp) -> None:
    idp.approve(JOHN)
    idp.fail_next("/oauth/token", lose_response())
    assert [polled.poll().outcome, polled.poll().outcome] == [PollOutcome.PENDING, PollOutcome.CODE_ALREADY_USED]


def test_wrong_secret_is_idp_rejected_client(idp: FakeIdp, polled: PolledRequest) -> None:
    ciba = ciba_client(idp, "wrong")
    with pytest.raises(IdpRejectedClient):
        start(ciba)
    with pytest.raises(IdpRejectedClient):
        polled.poll(ciba=ciba)


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client"])
def test_client_error_during_polls_is_raised(polled: PolledRequest, idp: FakeIdp, error: str) -> None:
    idp.fail_next("/oauth/token", respond(400, error))
    with pytest.raises(IdpRejectedClient, match=error):
        polled.poll()


def test_tokens_without_a_key_are_returned_unverified(polled: PolledRequest, idp: FakeIdp, ciba: CibaClient) -> None:
    """The tokens are issued once; they would be lost otherwise."""
    idp.approve(JOHN)
    idp.keys.available = False
    result = polled.poll()
    assert result.outcome is PollOutcome.UNVERIFIED
    assert result.unverified is not None
    assert result.unverified.access_token.get_secret_value() not in repr(result)
    idp.keys.available = True
    assert ciba.verify(result.unverified, consent(), 5).outcome is PollOutcome.APPROVED
