"""The doctor finds out whether the tenant takes authorization details, without a push."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from operations.doctor.findings import Status
from operations.doctor.subject import Subject
from tests.integration.identity_provider.doctor_runs import (
    examine,
    failure,
    fault,
    push_finding,
    requests_of,
    start_with,
    subject_at,
)
from tests.integration.identity_provider.stand_in import IdentityProvider, StartIdp

UNKNOWN_USER = {"error": "unknown_user_id"}


@pytest.fixture
def without_type(start_idp: StartIdp, tmp_path: Path, subject: Subject) -> Subject:
    """A tenant where the type is not registered."""

    def unregister(tenant: str) -> str:
        return tenant.replace("    authorization_details:\n", "    unused:\n")

    return subject_at(start_with(start_idp, tmp_path, unregister), subject)


def test_type_that_is_taken(idp: IdentityProvider, subject: Subject) -> None:
    before = requests_of(idp)
    assert examine(subject)[12].text == "our type is taken, and no other"
    assert requests_of(idp) == before


def test_parameter_that_can_be_switched_on(subject: Subject) -> None:
    found = examine(replace(subject, authorization_details=False))[12]
    assert found.status is Status.OK
    assert found.text.endswith("AuthorizationDetails (AUTHORIZATION_DETAILS in .env) can be switched on")


def test_type_that_is_not_registered(without_type: Subject) -> None:
    line = failure(without_type, 12)
    assert "400 invalid_authorization_details" in line
    assert "Permissions: add the type urn:auth0:schemas:authorization-details:v1:employment-disclosure" in line


def test_tenant_without_the_type_is_right_while_the_parameter_is_off(without_type: Subject) -> None:
    assert examine(replace(without_type, authorization_details=False))[12].status is Status.NOT_CHECKED


def test_provider_that_looks_for_the_user_first(idp: IdentityProvider, subject: Subject) -> None:
    fault(idp, "/bc-authorize", 400, UNKNOWN_USER, times=3)  # check 7, our type, the made-up type
    assert "only check 9 shows" in examine(subject)[12].text


@pytest.mark.parametrize("wants", [True, False])
def test_push_names_the_facts_if_the_parameter_is_on(idp: IdentityProvider, subject: Subject, wants: bool) -> None:
    found = push_finding(idp, replace(subject, authorization_details=wants))
    assert found.status is Status.OK, found


@pytest.fixture(params=["shown", "none"])
def provider_that_leaves_out(idp: IdentityProvider, request: pytest.FixtureRequest) -> Iterator[str]:
    """The hidden properties, or all details, are missing in the token."""
    idp.phone.put("/api/face", json={"details_in_token": request.param}).raise_for_status()
    yield request.param
    idp.phone.delete("/api/face")


@pytest.mark.usefixtures("provider_that_leaves_out")
def test_push_shows_a_token_without_the_requested_details(idp: IdentityProvider, subject: Subject) -> None:
    """The HR API would refuse each approval of this provider."""
    found = push_finding(idp, subject)
    assert found.status is Status.FAILED
    assert found.text.endswith("the token's authorization details are not those of the push")
    assert found.advice.startswith("switch AuthorizationDetails off")
