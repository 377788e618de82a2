"""The CIBA client: authentication requests (CIBA Core 7); the polls are in test_ciba_client_polls.py."""

from __future__ import annotations

import json

import httpx
import pytest
from approval.identity_provider.ciba_client import CibaClient
from staff0.errors import IdpError, IdpRateLimited, IdpRejectedClient, IdpUnavailable, PushRefused

from tests.support.approval_workflow import JOHN
from tests.support.ciba_requests import MESSAGE, start
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, drop_request, lose_response, respond
from tests.support.fake_management_api import Employee
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER


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
