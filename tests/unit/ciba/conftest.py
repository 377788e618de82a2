"""A CIBA client of the fake tenant."""

from __future__ import annotations

import pytest
from staff0.ciba import CibaClient

from tests.conftest import FakeClock
from tests.fakes.tenant import CIBA_SECRET, FACES, Employee, FakeTenant, by_secret
from tests.fakes.tenant_keys import CIBA_CLIENT, HR_AUDIENCE

JOHN = "auth0|john"


def ciba_client(tenant: FakeTenant, secret: str = CIBA_SECRET) -> CibaClient:
    who = by_secret(CIBA_CLIENT, secret)
    return CibaClient(tenant.http(), who, HR_AUDIENCE, tenant.keys, tenant.clock)


@pytest.fixture(params=list(FACES.values()), ids=list(FACES))
def tenant(clock: FakeClock, request: pytest.FixtureRequest) -> FakeTenant:
    tenant = FakeTenant(clock, request.param)
    tenant.add(Employee(JOHN, "jdoe@staff0.com"))
    return tenant


@pytest.fixture
def ciba(tenant: FakeTenant) -> CibaClient:
    return ciba_client(tenant)
