"""A token with authorization details discloses the facts that they name, for their request and their caller."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from staff0.authorization_details import Disclosure, DisclosureFormat
from staff0.skills import SKILLS

from tests.support.disclosure_requests import BOTH_SCOPES, DETAILS, STATUS, HrApi, details, is_refused, token_of
from tests.support.leave_skill import LEAVE, WITH_LEAVE
from tests.support.sample_employee import JOHN, RECORD, fields
from tests.support.tokens import HR_AUDIENCE, ISSUER, employee_token, machine_token, sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient
    from starlette.applications import Starlette


@pytest.mark.parametrize(
    ("disclosure", "disclosed"),
    [
        (STATUS, fields("status")),
        (DETAILS, fields("status", "start_date")),
        (replace(STATUS, facts=("employment_status", "name")), fields("status", "name")),
        (replace(STATUS, facts=tuple(SKILLS.facts)), fields("status", "name", "start_date", "title")),
    ],
)
async def test_exactly_the_named_facts_are_disclosed(
    hr_api: HrApi, disclosure: Disclosure, disclosed: dict[str, str]
) -> None:
    """The scopes of the token allow more in the first cases."""
    answer = await hr_api.read(token_of(disclosure))
    assert answer.status_code == 200
    assert answer.json() == disclosed


async def test_a_fact_needs_its_scope_too(hr_api: HrApi) -> None:
    """A tenant that gives the scope to some employees only is obeyed."""
    answer = await hr_api.read(token_of(DETAILS, scope="openid read:employee"))
    assert is_refused(answer)
    assert 'scope="read:employment_details"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    "query",
    [
        {"request_id": "task-2", "client_id": "acme-client"},
        {"request_id": "task-1", "client_id": "globex-client"},
        {"request_id": "task-1"},
        {"client_id": "acme-client"},
        {},
    ],
    ids=str,
)
async def test_token_of_one_request_reads_nothing_for_another(hr_api: HrApi, query: dict[str, str]) -> None:
    token = token_of(STATUS)
    assert is_refused(await hr_api.read(token, query))
    assert (await hr_api.read(token)).status_code == 200  # and a refused request uses nothing up


def without(disclosure: Disclosure, name: str) -> list[dict[str, Any]]:
    changed = copy.deepcopy(details(disclosure))
    del changed[0]["properties"][name]
    return changed


def with_property(disclosure: Disclosure, name: str, value: dict[str, Any]) -> list[dict[str, Any]]:
    changed = copy.deepcopy(details(disclosure))
    changed[0]["properties"][name] = value
    return changed


@pytest.mark.parametrize(
    "claim",
    [
        without(STATUS, "employment_status"),
        without(STATUS, "request_id"),
        without(STATUS, "client_id"),
        without(STATUS, "code"),
        with_property(STATUS, "salary", {"display": True, "name": "They learn", "value": "your salary"}),
        with_property(STATUS, "start_date", {"display": False, "value": "hidden"}),
        with_property(STATUS, "start_date", {"display": True, "name": "They learn", "display_order": 6, "value": "x"}),
        [*details(STATUS), *details(DETAILS)],
        [{**details(STATUS)[0], "type": "urn:auth0:schemas:authorization-details:v1:payment"}],
        [],
        {},
        "all",
    ],
    ids=[
        *("no fact", "no request", "no client", "no code", "unknown fact", "hidden fact", "false words"),
        *("two objects", "unknown type", "empty", "no list", "text"),
    ],
)
async def test_details_that_no_phone_has_shown_read_nothing(hr_api: HrApi, claim: object) -> None:
    token = employee_token(JOHN, scope=BOTH_SCOPES, authorization_details=claim)
    assert is_refused(await hr_api.read(token))


async def test_details_cannot_be_changed_by_the_holder_of_a_token(hr_api: HrApi) -> None:
    """A token with a further fact has a broken signature."""
    head, _, signature = token_of(STATUS).split(".")
    _, payload, _ = token_of(DETAILS).split(".")
    assert is_refused(await hr_api.read(f"{head}.{payload}.{signature}"), 401)


@pytest.mark.parametrize("employee_id", ["auth0|jane", "auth0|unknown"])
async def test_token_of_another_employee_reads_nothing(hr_api: HrApi, employee_id: str) -> None:
    assert is_refused(await hr_api.read(token_of(STATUS), employee_id=employee_id))


async def test_expired_token_reads_nothing(hr_api: HrApi) -> None:
    token = token_of(STATUS, expires_in_seconds=-60)
    assert is_refused(await hr_api.read(token), 401)


async def test_machine_with_details_reads_nothing(hr_api: HrApi) -> None:
    claims = {"iss": ISSUER, "sub": "acme@clients", "aud": HR_AUDIENCE, "azp": "acme", "scope": BOTH_SCOPES}
    token = sign({**claims, "gty": "client-credentials", "authorization_details": details(STATUS)})
    assert is_refused(await hr_api.read(token, employee_id="acme@clients"))
    assert is_refused(await hr_api.read(token))


async def test_unknown_employee_is_404(hr_api: HrApi) -> None:
    token = employee_token("auth0|new", scope=BOTH_SCOPES, authorization_details=details(STATUS))
    assert is_refused(await hr_api.read(token, employee_id="auth0|new"), 404)


@pytest.fixture
def strict(build_app: Callable[..., Starlette]) -> httpx.AsyncClient:
    """The API of a tenant whose tokens always have authorization details."""
    app = build_app(requires_details=True)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://hr.example")


async def test_token_without_details_reads_nothing_where_they_are_required(strict: httpx.AsyncClient) -> None:
    async with strict as http:
        assert is_refused(await HrApi(http).read(employee_token(JOHN, scope=BOTH_SCOPES)))
        assert is_refused(await HrApi(http).read(employee_token(JOHN, scope=BOTH_SCOPES), {}, {}))
        assert is_refused(await HrApi(http).read(machine_token("acme", HR_AUDIENCE, BOTH_SCOPES)))
        assert (await HrApi(http).read(token_of(STATUS))).json() == fields("status")


async def test_fact_of_a_third_skill_is_disclosed_without_a_change_of_this_api(
    build_app: Callable[..., Starlette], dynamodb: DynamoDBClient, employees_table: str
) -> None:
    item = RECORD | {"status": "on_leave", "leave_until": "2026-03-01"}
    dynamodb.put_item(TableName=employees_table, Item={name: {"S": value} for name, value in item.items()})
    asked = replace(STATUS, facts=("employment_status", "leave_until"))
    claim = DisclosureFormat(WITH_LEAVE.facts).write(asked)
    app = build_app(skills=WITH_LEAVE)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://hr.example") as http:
        for scope, status in (("read:employee", 403), (f"read:employee {LEAVE.employee_scope}", 200)):
            answer = await HrApi(http).read(employee_token(JOHN, scope=scope, authorization_details=claim))
            assert answer.status_code == status
    assert answer.json() == {"id": JOHN, "status": "on_leave", "leave_until": "2026-03-01"}
