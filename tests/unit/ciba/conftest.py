"""A CIBA client of the fake tenant."""

from __future__ import annotations

import pytest
from approval.identity_provider.ciba_client import CibaClient

from tests.support.clock import FakeClock
from tests.support.fake_idp import CIBA_SECRET, IDP_PROFILES, Employee, FakeIdp, by_secret
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE

JOHN = "auth0|john"


def ciba_client(tenant: FakeIdp, secret: str = CIBA_SECRET) -> CibaClient:
    who = by_secret(CIBA_CLIENT, secret)
    return CibaClient(tenant.http(), who, HR_AUDIENCE, tenant.keys, tenant.clock)


@pytest.fixture(params=list(IDP_PROFILES.values()), ids=list(IDP_PROFILES))
def tenant(clock: FakeClock, request: pytest.FixtureRequest) -> FakeIdp:
    tenant = FakeIdp(clock, request.param)
    tenant.add(Employee(JOHN, "jdoe@staff0.com"))
    return tenant


@pytest.fixture
def ciba(tenant: FakeIdp) -> CibaClient:
    return ciba_client(tenant)
