"""A CIBA client of the fake tenant."""

from __future__ import annotations

import pytest
from staff0.ciba import CibaClient

from tests.conftest import FakeClock
from tests.fakes.tenant import CIBA_SECRET, Employee, FakeTenant, by_secret
from tests.fakes.tenant_keys import CIBA_CLIENT, HR_AUDIENCE

JOHN = "auth0|john"


def ciba_client(tenant: FakeTenant, secret: str = CIBA_SECRET) -> CibaClient:
    who = by_secret(CIBA_CLIENT, secret)
    return CibaClient(tenant.http(), who, HR_AUDIENCE, tenant.keys, tenant.clock)


@pytest.fixture(params=[("expired_token", 400), ("access_denied", 403)], ids=["expired_token-400", "access_denied-403"])
def tenant(clock: FakeClock, request: pytest.FixtureRequest) -> FakeTenant:
    """Both faces of what Auth0 leaves open."""
    expiry_as, poll_status = request.param
    tenant = FakeTenant(clock, expiry_as=expiry_as, poll_status=poll_status)
    tenant.add(Employee(JOHN, "jdoe@staff0.com"))
    return tenant


@pytest.fixture
def ciba(tenant: FakeTenant) -> CibaClient:
    return ciba_client(tenant)
