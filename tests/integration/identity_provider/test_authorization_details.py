"""Authorization details (RFC 9396): which are taken, who sees them, and what the tokens contain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from staff0.authorization_details import TYPE, Disclosure, DisclosureFormat
from staff0.skills import SKILLS

from tests.integration.identity_provider.stand_in import IdentityProvider, StartIdp

API = "https://staff0/api"
ASKED = Disclosure("acme", "K7M4QX", "Rental application", ("employment_status", "start_date"), "task-1", "acme-client")
DETAILS = DisclosureFormat(SKILLS.facts).write(ASKED)


def sent(details: object = DETAILS) -> str:
    return json.dumps(details)


def tokens(idp: IdentityProvider, auth_req_id: str) -> dict[str, Any]:
    response = idp.poll(auth_req_id)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


@pytest.mark.parametrize("dialect", ["access_token_authz", "rfc9068_profile_authz"])
def test_details_are_in_the_access_token_and_beside_it(idp: IdentityProvider, dialect: str | None) -> None:
    idp.phone.put("/api/face", json={"user_token_dialect": dialect}).raise_for_status()
    auth_req_id = idp.auth_req_id(authorization_details=sent())
    idp.answer_newest("approve")
    body = tokens(idp, auth_req_id)
    idp.phone.delete("/api/face")
    assert body["authorization_details"] == DETAILS
    assert idp.claims_of(body["access_token"], API)["authorization_details"] == DETAILS
    assert "authorization_details" not in idp.claims_of(body["id_token"], "id-of-HR Agent")


def test_request_without_details_has_none_in_its_token(idp: IdentityProvider) -> None:
    auth_req_id = idp.auth_req_id()
    idp.answer_newest("approve")
    body = tokens(idp, auth_req_id)
    assert "authorization_details" not in body
    assert "authorization_details" not in idp.claims_of(body["access_token"], API)


def test_phone_gets_details(idp: IdentityProvider) -> None:
    idp.auth_req_id(authorization_details=sent())
    assert idp.phone.get("/api/requests").json()[0]["authorization_details"] == DETAILS
    idp.auth_req_id()
    assert idp.phone.get("/api/requests").json()[0]["authorization_details"] is None


@pytest.mark.parametrize(
    "details",
    [
        "not JSON",
        "{}",
        '"x"',
        "[7]",
        "[{}]",
        sent([{**DETAILS[0], "type": "urn:auth0:schemas:authorization-details:v1:other"}]),
        sent([*DETAILS, {"type": "payment"}]),
        sent([*DETAILS, *DETAILS]),
        sent([{"type": TYPE, "properties": {str(n): {"display": True, "value": "x"} for n in range(11)}}]),
        sent([{"type": TYPE, "properties": {"a": {"display": True, "value": "x" * 256}}}]),
        sent([{**DETAILS[0], "more": ["x" * 250] * 20}]),
    ],
    ids=[
        *("no JSON", "no array", "text", "no object", "no type", "unknown type", "one unknown type"),
        *("two for Guardian", "eleven properties", "256 characters", "5 kB"),
    ],
)
def test_other_details_are_refused_and_ring_no_phone(idp: IdentityProvider, details: str) -> None:
    before = len(idp.phone.get("/api/requests").json())
    response = idp.authorize(authorization_details=details)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")
    assert len(idp.phone.get("/api/requests").json()) == before


def test_type_must_be_registered_with_the_requested_api(idp: IdentityProvider) -> None:
    response = idp.authorize(audience=f"{idp.issuer}userinfo", authorization_details=sent())
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")


@pytest.mark.parametrize("section", ["authorization_details:", "authorization_details_types:"])
def test_type_must_be_registered_and_granted(start_idp: StartIdp, tmp_path: Path, section: str) -> None:
    folder = Path(__file__).parents[3] / "local" / "identity_provider"
    shipped = (folder / "tenant.yaml").read_text()
    assert shipped.count(f"    {section}\n") == 1
    (tmp_path / "tenant.yaml").write_text(shipped.replace(f"    {section}\n", f"    unused_{section}\n"))
    (tmp_path / "users.json").write_text((folder / "users.json").read_text())
    idp = start_idp(TENANT_FILE=str(tmp_path / "tenant.yaml"))
    response = idp.authorize(authorization_details=sent())
    assert (response.status_code, response.json()["error"]) == (400, "invalid_authorization_details")


def test_token_request_cannot_change_the_details(idp: IdentityProvider) -> None:
    """Only what the phone has shown is in the token."""
    auth_req_id = idp.auth_req_id(authorization_details=sent())
    idp.answer_newest("approve")
    more = DisclosureFormat(SKILLS.facts).write(replace(ASKED, facts=tuple(SKILLS.facts)))
    form = {
        **idp.credentials("HR Agent"),
        "grant_type": "urn:openid:params:grant-type:ciba",
        "auth_req_id": auth_req_id,
        "audience": API,
        "authorization_details": sent(more),
    }
    body = idp.http.post("/oauth/token", data=form).json()
    assert idp.claims_of(body["access_token"], API)["authorization_details"] == DETAILS


def test_discovery_does_not_name_the_types(idp: IdentityProvider) -> None:
    """Auth0 does not advertise them either, so the doctor cannot look there."""
    assert "authorization_details" not in idp.http.get("/.well-known/openid-configuration").text


def newest(idp: IdentityProvider) -> str:
    return str(idp.phone.get("/api/requests").json()[0]["id"])


@pytest.fixture
def partial(idp: IdentityProvider) -> Iterator[None]:
    """A provider whose users may leave out some of the details. Auth0's may not."""
    idp.phone.put("/api/face", json={"partial_approval": True}).raise_for_status()
    yield
    idp.phone.delete("/api/face")


@pytest.mark.usefixtures("partial")
def test_employee_may_leave_out_a_fact(idp: IdentityProvider) -> None:
    auth_req_id = idp.auth_req_id(authorization_details=sent())
    idp.phone.post(f"/api/requests/{newest(idp)}/approve", json={"leave_out": ["start_date"]}).raise_for_status()
    body = tokens(idp, auth_req_id)
    granted = DisclosureFormat(SKILLS.facts).read(body["authorization_details"])
    assert granted == replace(ASKED, facts=("employment_status",))
    assert idp.claims_of(body["access_token"], API)["authorization_details"] == body["authorization_details"]


@pytest.mark.usefixtures("partial")
@pytest.mark.parametrize("names", [["request_id"], ["requested_by"], ["salary"], "start_date", [7]])
def test_nothing_but_a_fact_may_be_left_out(idp: IdentityProvider, names: object) -> None:
    idp.auth_req_id(authorization_details=sent())
    response = idp.phone.post(f"/api/requests/{newest(idp)}/approve", json={"leave_out": names})
    assert (response.status_code, response.json()["error"]) == (400, "cannot_leave_out")
    assert response.json()["may_leave_out"] == ["employment_status", "start_date"]


@pytest.mark.usefixtures("partial")
@pytest.mark.parametrize(
    "body",
    [
        '{"left_out": ["start_date"]}',
        '{"leave_out": [], "names": []}',
        '["start_date"]',
        "[]",
        "null",
        "7",
        "{",
        "x" * 70_000,
    ],
)
def test_misspelled_partial_approval_approves_nothing(idp: IdentityProvider, body: str) -> None:
    idp.auth_req_id(authorization_details=sent())
    asked = newest(idp)
    response = idp.phone.post(f"/api/requests/{asked}/approve", content=body)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_body")
    assert newest(idp) == asked


def test_at_auth0_it_is_all_or_nothing(idp: IdentityProvider) -> None:
    idp.auth_req_id(authorization_details=sent())
    response = idp.phone.post(f"/api/requests/{newest(idp)}/approve", json={"leave_out": ["start_date"]})
    assert response.status_code == 400
    assert idp.answer_newest("approve").status_code == 204
