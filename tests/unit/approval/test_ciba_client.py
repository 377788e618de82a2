"""One push goes out as Auth0 wants it, and each way it can fail is told apart."""

from __future__ import annotations

import json

import httpx
import pytest
from approval.identity_provider.ciba_client import CibaClient
from staff0.errors import IdpError, IdpRejectedClient, IdpUnavailable, PushRefused

from tests.support.approval_fixtures import ciba_client
from tests.support.approval_workflow import JOHN
from tests.support.fake_idp import Employee, FakeIdp
from tests.support.fake_idp_faults import Fault, drop_request, lose_response, respond
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER


def test_the_push_asks_this_employee_for_this_scope_and_nothing_else(idp: FakeIdp, ciba: CibaClient) -> None:
    started = ciba.start(JOHN, "Staff0:acme:K7QX2M", 60)
    (push,) = idp.pushes
    assert started.auth_req_id.get_secret_value() == push.auth_req_id
    assert (started.interval_seconds, started.expires_in_seconds) == (5, 60)
    assert json.loads(push.form.pop("login_hint")) == {"format": "iss_sub", "iss": ISSUER, "sub": JOHN}
    assert push.form == {
        "client_id": CIBA_CLIENT,
        "client_secret": "ciba-secret",
        "scope": "openid read:employee",
        "audience": HR_AUDIENCE,
        "binding_message": "Staff0:acme:K7QX2M",
        "requested_expiry": "60",
    }


def test_a_sub_cannot_break_out_of_the_login_hint(idp: FakeIdp, ciba: CibaClient) -> None:
    hostile = 'auth0|x","sub":"auth0|john'
    idp.add(Employee(hostile, "x@staff0.com"))
    ciba.start(hostile, "Staff0:acme:K7QX2M", 60)
    assert idp.pushes[0].employee.sub == hostile


def test_nothing_secret_is_printed_with_what_was_started(ciba: CibaClient, idp: FakeIdp) -> None:
    started = ciba.start(JOHN, "Staff0:acme:K7QX2M", 60)
    assert idp.pushes[0].auth_req_id not in repr(started)


@pytest.mark.parametrize("error", ["invalid_request", "access_denied", "unknown_user_id", "too_many_requests"])
def test_an_employee_who_cannot_be_asked_is_not_our_fault(idp: FakeIdp, ciba: CibaClient, error: str) -> None:
    status = 429 if error == "too_many_requests" else 403
    idp.fail_next("/bc-authorize", respond(status, error))
    with pytest.raises(PushRefused, match=error):
        ciba.start(JOHN, "Staff0:acme:K7QX2M", 60)


def test_an_employee_without_push_cannot_be_asked(idp: FakeIdp, ciba: CibaClient) -> None:
    idp.add(Employee("auth0|sam", "spoe@staff0.com", enrolled=False))
    for sub in ("auth0|sam", "auth0|nobody"):
        with pytest.raises(PushRefused):
            ciba.start(sub, "Staff0:acme:K7QX2M", 60)


@pytest.mark.parametrize("error", ["unauthorized_client", "invalid_client"])
def test_our_own_wrong_configuration_is_named(idp: FakeIdp, ciba: CibaClient, error: str) -> None:
    idp.fail_next("/bc-authorize", respond(403, error))
    with pytest.raises(IdpRejectedClient, match=error):
        ciba.start(JOHN, "Staff0:acme:K7QX2M", 60)


def test_a_wrong_secret_is_not_taken_for_an_employees_refusal(idp: FakeIdp) -> None:
    with pytest.raises(IdpRejectedClient):
        ciba_client(idp, "wrong").start(JOHN, "Staff0:acme:K7QX2M", 60)


@pytest.mark.parametrize(
    "fault",
    [
        drop_request(),
        drop_request(httpx.ReadTimeout),
        lose_response(),
        respond(500),
        respond(503, "server_error"),
        respond(200),
        respond(429),
    ],
    ids=["down", "slow", "lost", "500", "503", "unreadable", "429 page"],
)
def test_no_answer_is_an_outage_whose_text_holds_no_secret(idp: FakeIdp, ciba: CibaClient, fault: Fault) -> None:
    idp.fail_next("/bc-authorize", fault)
    with pytest.raises(IdpUnavailable) as outage:
        ciba.start(JOHN, "Staff0:acme:K7QX2M", 60)
    assert "secret" not in str(outage.value)
    assert len(idp.requests) == 1  # never sent again by the client itself


def test_an_answer_without_interval_means_five_seconds(idp: FakeIdp, ciba: CibaClient) -> None:
    body = {"auth_req_id": "an-id", "expires_in": "soon", "interval": None}
    idp.fail_next("/bc-authorize", lambda _serve, _request: httpx.Response(200, json=body))
    started = ciba.start(JOHN, "Staff0:acme:K7QX2M", 60)
    assert (started.interval_seconds, started.expires_in_seconds) == (5, 60)


@pytest.mark.parametrize("body", [{}, {"auth_req_id": ""}, {"auth_req_id": None}])
def test_an_answer_without_an_id_cannot_be_polled(idp: FakeIdp, ciba: CibaClient, body: dict[str, object]) -> None:
    idp.fail_next("/bc-authorize", lambda _serve, _request: httpx.Response(200, json=body))
    with pytest.raises(IdpError):
        ciba.start(JOHN, "Staff0:acme:K7QX2M", 60)
