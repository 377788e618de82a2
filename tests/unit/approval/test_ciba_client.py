"""The CIBA client: authentication requests (CIBA Core 7) and polls (CIBA Core 10 and 11)."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest
from approval.identity_provider.ciba_client import AuthenticationRequest, CibaClient
from approval.identity_provider.requested_consent import RequestedConsent
from approval.identity_provider.token_response import PollOutcome, PollResult
from staff0.errors import IdpError, IdpRateLimited, IdpRejectedClient, IdpUnavailable, PushRefused, TokenRejected
from staff0.secret_str import SecretStr

from tests.support.approval_fixtures import ciba_client
from tests.support.approval_workflow import JOHN
from tests.support.clock import FakeClock
from tests.support.fake_idp import Employee, FakeIdp
from tests.support.fake_idp_faults import Fault, drop_request, lose_response, respond
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER

LIFETIME_SECONDS = 60
MESSAGE = "Staff0:acme:K7QX2M"


def consent(sub: str = JOHN) -> RequestedConsent:
    return RequestedConsent(sub, ("read:employee",))


def start(ciba: CibaClient, sub: str = JOHN) -> AuthenticationRequest:
    return ciba.start(consent(sub), MESSAGE, LIFETIME_SECONDS)


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


def test_request_holds_only_the_employee_and_the_scope(idp: FakeIdp, ciba: CibaClient) -> None:
    request = start(ciba)
    (push,) = idp.pushes
    assert request.auth_req_id.get_secret_value() == push.auth_req_id
    assert (request.interval_seconds, request.expires_in_seconds) == (5, 60)
    assert json.loads(push.form.pop("login_hint")) == {"format": "iss_sub", "iss": ISSUER, "sub": JOHN}
    assert push.form == {
        "client_id": CIBA_CLIENT,
        "client_secret": "ciba-secret",
        "scope": "openid read:employee",
        "audience": HR_AUDIENCE,
        "binding_message": MESSAGE,
        "requested_expiry": "60",
    }


def test_sub_is_escaped_in_the_login_hint(idp: FakeIdp, ciba: CibaClient) -> None:
    hostile = 'auth0|x","sub":"auth0|john'
    idp.add(Employee(hostile, "x@staff0.com"))
    start(ciba, hostile)
    assert idp.pushes[0].employee.sub == hostile


def test_auth_req_id_is_not_in_the_repr(ciba: CibaClient, idp: FakeIdp) -> None:
    request = start(ciba)
    assert idp.pushes[0].auth_req_id not in repr(request)


@pytest.mark.parametrize(
    ("error", "description"),
    [
        ("unknown_user_id", "User ID is malformed or unknown"),
        ("invalid_request", "User does not have push notifications enabled"),
        ("invalid_request", ""),
        ("access_denied", "The user has no confirmed factor"),
    ],
)
def test_error_about_the_employee_is_push_refused(idp: FakeIdp, ciba: CibaClient, error: str, description: str) -> None:
    idp.fail_next("/bc-authorize", respond(400, error, error_description=description))
    with pytest.raises(PushRefused, match=error):
        start(ciba)


@pytest.mark.parametrize("error", [None, "too_many_requests"])
def test_rate_limit_is_idp_rate_limited(idp: FakeIdp, ciba: CibaClient, error: str | None) -> None:
    idp.fail_next("/bc-authorize", respond(429, error))
    with pytest.raises(IdpRateLimited):
        start(ciba)


def test_employee_without_push_notifications_is_push_refused(idp: FakeIdp, ciba: CibaClient) -> None:
    idp.add(Employee("auth0|sam", "spoe@staff0.com", enrolled=False))
    for sub in ("auth0|sam", "auth0|unknown"):
        with pytest.raises(PushRefused):
            start(ciba, sub)


@pytest.mark.parametrize(
    ("error", "description"),
    [
        ("unauthorized_client", "Grant type not allowed for the client."),
        ("invalid_client", ""),
        ("access_denied", 'Client is not authorized to access "https://staff0/api".'),
        ("access_denied", "Service not enabled within domain: https://staff0/api"),
        ("invalid_request", "openid scope must be requested"),
        ("invalid_request", "binding_message can contain only alphanumerics, whitespace and `+-_.,:#` characters"),
        ("invalid_binding_message", ""),
        (None, ""),  # 404: the plan has no CIBA
    ],
)
def test_error_about_our_client_or_request_is_idp_rejected_client(
    idp: FakeIdp, ciba: CibaClient, error: str | None, description: str
) -> None:
    status = 404 if error is None else 403
    idp.fail_next("/bc-authorize", respond(status, error, error_description=description))
    with pytest.raises(IdpRejectedClient, match=error or "404") as rejected:
        start(ciba)
    assert rejected.value.log_fields["error_description"] == (description if error else "")
    assert not description or description not in str(rejected.value)


def test_wrong_secret_is_idp_rejected_client(idp: FakeIdp, polled: PolledRequest) -> None:
    ciba = ciba_client(idp, "wrong")
    with pytest.raises(IdpRejectedClient):
        start(ciba)
    with pytest.raises(IdpRejectedClient):
        polled.poll(ciba=ciba)


@pytest.mark.parametrize(
    "fault",
    [
        drop_request(),
        drop_request(httpx.ReadTimeout),
        lose_response(),
        respond(500),
        respond(503, "server_error"),
        respond(200),
    ],
    ids=["down", "slow", "lost", "500", "503", "not JSON"],
)
def test_outage_is_raised_without_a_secret_and_without_a_retry(idp: FakeIdp, ciba: CibaClient, fault: Fault) -> None:
    idp.fail_next("/bc-authorize", fault)
    with pytest.raises(IdpUnavailable) as outage:
        start(ciba)
    assert "secret" not in str(outage.value)
    assert len(idp.requests) == 1


def test_default_interval_is_five_seconds(idp: FakeIdp, ciba: CibaClient) -> None:
    body = {"auth_req_id": "an-id", "expires_in": "soon", "interval": None}
    idp.fail_next("/bc-authorize", lambda _serve, _request: httpx.Response(200, json=body))
    request = start(ciba)
    assert (request.interval_seconds, request.expires_in_seconds) == (5, 60)


@pytest.mark.parametrize("body", [{}, {"auth_req_id": ""}, {"auth_req_id": None}])
def test_response_without_an_id_is_an_error(idp: FakeIdp, ciba: CibaClient, body: dict[str, object]) -> None:
    idp.fail_next("/bc-authorize", lambda _serve, _request: httpx.Response(200, json=body))
    with pytest.raises(IdpError):
        start(ciba)


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
