"""The client of the HR API."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from datetime import date

import httpx
import pytest
from approval.hr_api_client import ApprovalUse, Employment, HrApiClient
from staff0.errors import HrApiRefused, HrApiUnauthorized, HrApiUnavailable
from staff0.secret_str import SecretStr
from staff0.skills import EMPLOYMENT_STATUS, NAME, SKILLS, EmploymentStatus, Fact

from tests.support.clock import FakeClock
from tests.support.fake_hr_api import FakeHrApi
from tests.support.tokens import employee_token

SUB = "auth0|../admin?all=1"
TOKEN = employee_token(SUB)


@pytest.fixture
def client(hr_api: FakeHrApi) -> HrApiClient:
    hr_api.records[SUB] = {"id": SUB, "name": "Max Moe", "status": "on_leave", "start_date": "2020-02-29"}
    return HrApiClient(hr_api.http(), "https://hr.example/", FakeClock())


def read(client: HrApiClient, sub: str = SUB, facts: Iterable[Fact] = (EMPLOYMENT_STATUS, NAME)) -> Employment | None:
    return client.read(sub, SecretStr(TOKEN), facts)


def test_employee_id_is_escaped_in_the_url(client: HrApiClient, hr_api: FakeHrApi) -> None:
    found = read(client)
    assert found == Employment(EmploymentStatus.ON_LEAVE, {"employment_status": "on_leave", "name": "Max Moe"})
    assert hr_api.tokens == [TOKEN]
    [request] = hr_api.requests
    assert not request.url.query
    assert "Idempotency-Key" not in request.headers


def test_use_of_an_approval_names_its_request_and_its_key(client: HrApiClient, hr_api: FakeHrApi) -> None:
    client.read(SUB, SecretStr(TOKEN), (EMPLOYMENT_STATUS,), ApprovalUse("task-1", "acme & co", "the-key"))
    [request] = hr_api.requests
    assert dict(request.url.params) == {"request_id": "task-1", "client_id": "acme & co"}
    assert request.headers["Idempotency-Key"] == "the-key"


def test_only_the_facts_of_the_request_are_read(client: HrApiClient, hr_api: FakeHrApi) -> None:
    """HR may send more, in a form that is not known here, or less."""
    details = SKILLS.get("employment_details").details
    found = read(client, facts=details)
    assert found is not None
    assert found.facts == {"employment_status": "on_leave", "start_date": date(2020, 2, 29)}
    hr_api.records[SUB]["start_date"] = "unknown"
    assert read(client) is not None
    with pytest.raises(HrApiUnavailable):
        read(client, facts=details)


def test_employee_on_leave_is_employed_and_a_terminated_one_is_not() -> None:
    assert EmploymentStatus.ON_LEAVE.is_employed
    assert not EmploymentStatus.TERMINATED.is_employed


def test_missing_record_is_none(client: HrApiClient) -> None:
    assert read(client, "auth0|unknown") is None


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx.Response(401), HrApiUnauthorized),
        (httpx.Response(403), HrApiRefused),
        (httpx.Response(404, text="Not Found"), HrApiRefused),
        (httpx.Response(403, html="<p>Blocked</p>"), HrApiUnavailable),
        (httpx.Response(500), HrApiUnavailable),
        (httpx.Response(200, text="<p>"), HrApiUnavailable),
        (httpx.Response(200, json={"id": SUB, "name": "Max Moe"}), HrApiUnavailable),
    ],
    ids=["401", "403", "404 of a gateway", "403 of a firewall", "500", "not JSON", "no status"],
)
def test_other_response_is_an_error_without_the_employee(
    client: HrApiClient, hr_api: FakeHrApi, response: httpx.Response, error: type[Exception]
) -> None:
    hr_api.failures.append(response)
    with pytest.raises(error) as raised:
        read(client)
    assert "auth0" not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30), ("Mon, 05 Jan 2026 09:00:30 GMT", 30), ("soon", 0), (None, 0)]
)
def test_retry_after_is_a_number_of_seconds_or_a_date(
    client: HrApiClient, hr_api: FakeHrApi, header: str | None, seconds: int
) -> None:
    hr_api.failures.append(httpx.Response(503, headers={"Retry-After": header} if header else {}))
    with pytest.raises(HrApiUnavailable) as raised:
        read(client)
    assert raised.value.retry_after_seconds == seconds


def test_response_in_drips_ends_at_the_deadline() -> None:
    """httpx's timeouts count from byte to byte. Lambda ended the function, and the approval after three attempts."""
    is_over = threading.Event()

    def drips() -> Iterator[bytes]:
        is_over.wait(30)
        yield b"{}"

    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=drips())))
    client = HrApiClient(http, "https://hr.example/", FakeClock(), read_seconds=0.05)
    with pytest.raises(HrApiUnavailable, match="TimeoutError"):
        read(client)
    is_over.set()
