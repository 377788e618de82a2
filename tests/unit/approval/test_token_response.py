"""Each answer of the token endpoint means what CIBA Core 11 and Auth0 mean by it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from approval.identity_provider.ciba_client import CibaClient
from approval.identity_provider.token_response import PollOutcome, PollResult, read_answer
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from staff0.errors import IdpRejectedClient, KeysUnavailable, TokenRejected

from tests.support.approval_fixtures import ciba_client
from tests.support.approval_workflow import JOHN
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, drop_request, lose_response, respond

LIFETIME_SECONDS = 60


class Asked:
    """One push to John, and the polls for his answer."""

    def __init__(self, idp: FakeIdp, ciba: CibaClient, clock: FakeClock) -> None:
        self._ciba = ciba
        self.expires_at = clock() + timedelta(seconds=LIFETIME_SECONDS)
        self.auth_req_id: SecretStr = ciba.start(JOHN, "Staff0:acme:K7QX2M", LIFETIME_SECONDS).auth_req_id

    def poll(self, interval_seconds: int = 5, ciba: CibaClient | None = None) -> PollResult:
        return (ciba or self._ciba).poll(self.auth_req_id, interval_seconds, self.expires_at)


@pytest.fixture
def asked(idp: FakeIdp, ciba: CibaClient, clock: FakeClock) -> Asked:
    return Asked(idp, ciba, clock)


def test_as_long_as_nobody_answers_it_goes_on_unchanged(asked: Asked) -> None:
    assert asked.poll() == PollResult(PollOutcome.PENDING, 5)


def test_an_approval_gives_the_employees_token(asked: Asked, idp: FakeIdp, ciba: CibaClient) -> None:
    idp.approve(JOHN)
    approval = asked.poll()
    assert approval.outcome is PollOutcome.APPROVED
    token = ciba.check(approval, JOHN).get_secret_value()
    assert token.count(".") == 2
    assert token not in repr(approval)


def test_a_refusal_is_a_refusal(asked: Asked, idp: FakeIdp) -> None:
    idp.deny(JOHN)
    assert asked.poll().outcome is PollOutcome.DENIED


def test_an_expiry_is_never_reported_as_a_refusal(asked: Asked, clock: FakeClock) -> None:
    clock.advance(LIFETIME_SECONDS)
    assert asked.poll().outcome is PollOutcome.EXPIRED


def test_slow_down_widens_this_and_all_later_polls(asked: Asked, clock: FakeClock) -> None:
    first = asked.poll()
    second = asked.poll(first.interval_seconds)
    assert (second.outcome, second.interval_seconds, second.wait_seconds) == (PollOutcome.PENDING, 10, 10)
    clock.advance(9)
    assert asked.poll(second.interval_seconds).interval_seconds == 15
    clock.advance(15)
    assert asked.poll(15).interval_seconds == 15


@pytest.mark.parametrize(
    ("headers", "body", "interval_seconds"),
    [
        ({}, {}, 10),
        ({"Retry-After": "30"}, {}, 30),
        ({}, {"interval": 20}, 20),
        ({"Retry-After": "2"}, {"interval": 1}, 10),
    ],
)
def test_slow_down_obeys_whoever_asks_for_most(
    asked: Asked, idp: FakeIdp, headers: dict[str, str], body: dict[str, int], interval_seconds: int
) -> None:
    idp.fail_next("/oauth/token", respond(429, "slow_down", headers=headers, **body))
    assert asked.poll().interval_seconds == interval_seconds


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
    ids=["down", "slow", "500", "503", "429", "unreadable"],
)
def test_a_bad_moment_of_the_tenant_backs_off_and_goes_on(asked: Asked, idp: FakeIdp, fault: Fault) -> None:
    idp.fail_next("/oauth/token", fault)
    assert asked.poll() == PollResult(PollOutcome.PENDING, 5, wait_seconds=10, has_failed=True)
    idp.approve(JOHN)
    assert asked.poll().outcome is PollOutcome.APPROVED


def test_a_tenant_that_names_a_time_is_left_alone_until_then(asked: Asked, idp: FakeIdp) -> None:
    idp.fail_next("/oauth/token", respond(429, "too_many_requests", headers={"Retry-After": "42"}))
    assert asked.poll() == PollResult(PollOutcome.PENDING, 5, wait_seconds=42, has_failed=True)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 429, 500])
def test_the_status_never_decides(asked: Asked, idp: FakeIdp, status: int) -> None:
    for error, outcome in (
        ("authorization_pending", PollOutcome.PENDING),
        ("expired_token", PollOutcome.EXPIRED),
        ("invalid_grant", PollOutcome.LOST),
    ):
        idp.fail_next("/oauth/token", respond(status, error))
        assert asked.poll().outcome is outcome


def test_a_lost_token_is_not_taken_for_a_refusal(asked: Asked, idp: FakeIdp) -> None:
    idp.approve(JOHN)
    idp.fail_next("/oauth/token", lose_response())
    assert [asked.poll().outcome, asked.poll().outcome] == [PollOutcome.PENDING, PollOutcome.LOST]


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client"])
def test_our_own_wrong_configuration_ends_the_polls(asked: Asked, idp: FakeIdp, error: str) -> None:
    idp.fail_next("/oauth/token", respond(400, error))
    with pytest.raises(IdpRejectedClient, match=error):
        asked.poll()


def test_a_wrong_secret_is_not_taken_for_a_refusal(asked: Asked, idp: FakeIdp) -> None:
    with pytest.raises(IdpRejectedClient):
        asked.poll(ciba=ciba_client(idp, "wrong"))


def test_a_token_is_not_fetched_while_it_could_not_be_verified(asked: Asked, idp: FakeIdp) -> None:
    idp.approve(JOHN)
    idp.keys.available = False
    with pytest.raises(KeysUnavailable):
        asked.poll()
    idp.keys.available = True
    assert asked.poll().outcome is PollOutcome.APPROVED


@pytest.mark.parametrize(
    ("access", "identity", "what"),
    [
        ({"sub": "auth0|jane"}, {}, "another employee"),
        ({}, {"sub": "auth0|jane"}, "another employee"),
        ({"azp": "other-client"}, {}, "another client|two clients"),
        ({"scope": "openid"}, {}, "read:employee"),
        ({"aud": "https://staff0/agent"}, {}, "InvalidAudience"),
        ({"iss": "https://evil.example/"}, {}, "InvalidIssuer"),
        ({"exp": 1}, {}, "Expired"),
        ({}, {"aud": "other-client"}, "InvalidAudience"),
        ({}, {"iss": "https://evil.example/"}, "InvalidIssuer"),
        ({}, {"exp": 1}, "Expired"),
    ],
)
def test_a_token_other_than_the_one_asked_for_is_rejected(  # noqa: PLR0917
    asked: Asked,
    idp: FakeIdp,
    ciba: CibaClient,
    access: dict[str, object],
    identity: dict[str, object],
    what: str,
) -> None:
    idp.token_overrides, idp.id_token_overrides = access, identity
    idp.approve(JOHN)
    with pytest.raises(TokenRejected, match=what) as rejection:
        ciba.check(asked.poll(), JOHN)
    assert "auth0|" not in str(rejection.value)
    assert "evil" not in str(rejection.value)


def test_an_approval_without_an_id_token_is_rejected(asked: Asked, idp: FakeIdp, ciba: CibaClient) -> None:
    body = {"access_token": "a.b.c"}
    idp.fail_next("/oauth/token", lambda _serve, _request: httpx.Response(200, json=body))
    with pytest.raises(TokenRejected):
        ciba.check(asked.poll(), JOHN)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
bodies = st.dictionaries(st.sampled_from(["error", "interval", "error_description"]), json_values) | json_values


@given(st.integers(200, 599), bodies, st.text("0123456789 -.abc", max_size=12))
def test_no_answer_whatever_breaks_a_poll_or_hurries_it(status: int, body: object, retry_after: str) -> None:
    response = httpx.Response(status, json=body, headers={"Retry-After": retry_after})
    read = read_answer(response, 5, expired=False)
    assert read.outcome is PollOutcome.PENDING
    assert read.interval_seconds >= 5
