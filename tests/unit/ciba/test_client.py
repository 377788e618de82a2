from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from approval.identity_provider.ciba_client import CibaClient
from approval.identity_provider.token_response import PollOutcome, PollResult
from staff0.errors import IdpRejectedClient, IdpUnavailable, PushRefused, TokenRejected

from tests.support.fake_idp import CIBA_SECRET, Employee, FakeIdp, by_secret
from tests.support.fake_idp_faults import answer, drop, lose_answer
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE

if TYPE_CHECKING:
    from tests.support.clock import FakeClock

JOHN = "auth0|john"


@pytest.fixture
def tenant(clock: FakeClock) -> FakeIdp:
    tenant = FakeIdp(clock)
    tenant.add(Employee(JOHN, "jdoe@staff0.com"), Employee("auth0|poe", "spoe@staff0.com", enrolled=False))
    return tenant


def client(tenant: FakeIdp, secret: str = CIBA_SECRET) -> CibaClient:
    who = by_secret(CIBA_CLIENT, secret)
    return CibaClient(tenant.http(), who, HR_AUDIENCE, tenant.keys, tenant.clock)


class Asked:
    """A push to John, and the polls after it."""

    def __init__(self, tenant: FakeIdp, clock: FakeClock) -> None:
        self.ciba, self.clock = client(tenant), clock
        self.started = self.ciba.start(JOHN, "Staff0:acme:7K4QXM", 60)
        self.interval = self.started.interval_seconds
        self.expires_at = clock() + timedelta(seconds=self.started.expires_in_seconds)

    def poll(self, after_seconds: float = 5) -> PollResult:
        self.clock.advance(after_seconds)
        found = self.ciba.poll(self.started.auth_req_id, self.interval, self.expires_at)
        self.interval = found.interval_seconds
        return found


@pytest.fixture
def asked(tenant: FakeIdp, clock: FakeClock) -> Asked:
    return Asked(tenant, clock)


def test_the_push_asks_for_this_employee_this_api_and_nothing_else(tenant: FakeIdp, asked: Asked) -> None:
    [push] = tenant.pushes
    assert push.form["login_hint"] == '{"format": "iss_sub", "iss": "https://tenant.example/", "sub": "auth0|john"}'
    assert push.form["scope"] == "openid read:employee"
    assert (push.form["audience"], push.form["requested_expiry"]) == (HR_AUDIENCE, "60")
    assert asked.started.auth_req_id.get_secret_value() == push.auth_req_id


def test_an_approval_gives_the_employees_own_token(tenant: FakeIdp, asked: Asked) -> None:
    assert asked.poll().outcome is PollOutcome.PENDING
    tenant.approve(JOHN)
    found = asked.poll()
    assert found.outcome is PollOutcome.APPROVED
    assert asked.ciba.check(found, JOHN).get_secret_value().startswith("eyJ")


def test_slow_down_widens_every_later_poll(asked: Asked) -> None:
    """CIBA Core 11."""
    asked.poll()
    slowed = asked.poll(1)
    assert (slowed.outcome, slowed.interval_seconds) == (PollOutcome.PENDING, 10)
    assert slowed.wait_seconds >= 10
    assert asked.poll(20).interval_seconds == 10


def test_refusal_and_expiry_are_told_apart_however_auth0_words_them(tenant: FakeIdp, asked: Asked) -> None:
    assert asked.poll(60).outcome is PollOutcome.EXPIRED
    again = Asked(tenant, asked.clock)
    tenant.deny(JOHN)
    assert again.poll().outcome is PollOutcome.DENIED


def test_an_approval_whose_answer_is_lost_is_lost_and_not_a_refusal(tenant: FakeIdp, asked: Asked) -> None:
    tenant.approve(JOHN)
    tenant.fail_next("/oauth/token", lose_answer())
    assert asked.poll().outcome is PollOutcome.PENDING
    assert asked.poll().outcome is PollOutcome.LOST


@pytest.mark.parametrize(
    "fault", [answer(503), answer(500, "server_error"), answer(429), drop(), drop(httpx.ReadTimeout)]
)
def test_an_outage_while_polling_is_waited_out(tenant: FakeIdp, asked: Asked, fault: object) -> None:
    tenant.fail_next("/oauth/token", fault)  # type: ignore[arg-type]
    assert asked.poll().outcome is PollOutcome.PENDING
    tenant.approve(JOHN)
    assert asked.poll().outcome is PollOutcome.APPROVED


def test_a_retry_after_is_honoured(tenant: FakeIdp, asked: Asked) -> None:
    tenant.fail_next("/oauth/token", answer(429, headers={"Retry-After": "42"}))
    assert asked.poll().wait_seconds >= 42


@pytest.mark.parametrize(
    "overrides", [{"sub": "auth0|jane"}, {"azp": "another"}, {"scope": "openid"}, {"aud": "https://other/api"}]
)
def test_a_token_that_was_not_asked_for_is_rejected_without_being_shown(
    tenant: FakeIdp, asked: Asked, overrides: dict[str, object]
) -> None:
    tenant.token_overrides = overrides
    tenant.approve(JOHN)
    with pytest.raises(TokenRejected) as caught:
        asked.ciba.check(asked.poll(), JOHN)
    assert "eyJ" not in str(caught.value)


def test_an_id_token_of_another_employee_is_rejected(tenant: FakeIdp, asked: Asked) -> None:
    tenant.id_token_overrides = {"sub": "auth0|jane"}
    tenant.approve(JOHN)
    with pytest.raises(TokenRejected, match="another employee"):
        asked.ciba.check(asked.poll(), JOHN)


@pytest.mark.parametrize("fault", [answer(503), drop(), lose_answer()])
def test_a_start_without_an_answer_is_never_taken_for_a_refusal(tenant: FakeIdp, fault: object) -> None:
    tenant.fail_next("/bc-authorize", fault)  # type: ignore[arg-type]
    with pytest.raises(IdpUnavailable):
        client(tenant).start(JOHN, "Staff0:acme:7K4QXM", 60)


def test_an_employee_who_cannot_be_asked_is_told_from_a_wrong_configuration(tenant: FakeIdp) -> None:
    with pytest.raises(PushRefused):
        client(tenant).start("auth0|poe", "Staff0:acme:7K4QXM", 60)
    with pytest.raises(IdpRejectedClient):
        client(tenant, secret="wrong").start(JOHN, "Staff0:acme:7K4QXM", 60)


def test_a_wrong_secret_is_not_taken_for_the_employees_refusal(tenant: FakeIdp, asked: Asked) -> None:
    asked.ciba = client(tenant, secret="wrong")
    with pytest.raises(IdpRejectedClient):
        asked.poll()
