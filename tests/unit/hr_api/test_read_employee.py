"""The token of an employee reads that employee's record, and no other."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from tests.support.sample_employee import JOHN, RECORD, fields
from tests.support.tokens import (
    AGENT_AUDIENCE,
    CIBA_CLIENT,
    HR_AUDIENCE,
    ISSUER,
    FakeKeys,
    employee_token,
    machine_token,
    sign,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EMPLOYEE = {"iss": ISSUER, "sub": JOHN, "aud": HR_AUDIENCE, "azp": CIBA_CLIENT, "scope": "openid read:employee"}
AGENT_CLIENT = {"sub_profile": "user", "act": {"sub": "agt_1a2b3c", "client_id": CIBA_CLIENT}}


async def read(http: httpx.AsyncClient, employee_id: str, token: str | None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await http.get(f"/employees/{quote(employee_id, safe='')}", headers=headers)


def is_problem(answer: httpx.Response, status: int) -> bool:
    body = answer.json()
    kind = answer.headers["content-type"] == "application/problem+json"
    return kind and body.keys() == {"title", "status", "detail"} and answer.status_code == body["status"] == status


@pytest.mark.parametrize(
    ("scope", "disclosed"),
    [
        ("openid read:employee", fields("name", "status")),
        ("openid read:employee read:employment_details", fields("name", "status", "start_date", "title")),
    ],
)
async def test_own_token_reads_the_fields_of_its_scopes(
    http: httpx.AsyncClient, scope: str, disclosed: dict[str, str]
) -> None:
    """The department is in HR's table, and no approval names it."""
    answer = await read(http, JOHN, employee_token(JOHN, scope=scope))
    assert answer.status_code == 200
    assert answer.json() == disclosed


async def test_scope_of_the_details_alone_reads_nothing(http: httpx.AsyncClient) -> None:
    assert is_problem(await read(http, JOHN, employee_token(JOHN, scope="openid read:employment_details")), 403)


async def test_field_that_hr_does_not_have_is_left_out(
    http: httpx.AsyncClient, dynamodb: DynamoDBClient, employees_table: str
) -> None:
    item = {name: {"S": value} for name, value in fields("name", "status", "start_date").items()}
    dynamodb.put_item(TableName=employees_table, Item=item)
    token = employee_token(JOHN, scope="openid read:employee read:employment_details")
    assert (await read(http, JOHN, token)).json() == fields("name", "status", "start_date")


@pytest.mark.parametrize("status", ["active", "on_leave", "terminated"])
async def test_each_status_is_returned(
    http: httpx.AsyncClient, dynamodb: DynamoDBClient, employees_table: str, status: str
) -> None:
    item = {**RECORD, "status": status, "photo": "unknown to this version"}
    dynamodb.put_item(TableName=employees_table, Item={name: {"S": value} for name, value in item.items()})
    answer = await read(http, JOHN, employee_token(JOHN))
    assert answer.json() == {**fields("name"), "status": status}


async def test_unknown_employee_is_404_with_own_token(http: httpx.AsyncClient) -> None:
    assert is_problem(await read(http, "auth0|new", employee_token("auth0|new")), 404)


async def test_token_of_another_employee_does_not_show_who_exists(http: httpx.AsyncClient) -> None:
    known = await read(http, JOHN, employee_token("auth0|jane"))
    unknown = await read(http, "auth0|unknown", employee_token("auth0|jane"))
    assert is_problem(known, 403)
    assert known.content == unknown.content
    headers = [str(answer.headers).replace(answer.url.path, "/employees/x") for answer in (known, unknown)]
    assert headers[0].replace("auth0%7Cjohn", "x") == headers[1].replace("auth0%7Cunknown", "x")


@pytest.mark.parametrize("employee_id", [JOHN.upper(), f"{JOHN} ", f" {JOHN}", "john", "auth0%7Cjohn"])
async def test_id_must_equal_subject_exactly(http: httpx.AsyncClient, employee_id: str) -> None:
    assert is_problem(await read(http, employee_id, employee_token(JOHN)), 403)


async def test_machine_token_reads_no_record(http: httpx.AsyncClient) -> None:
    token = machine_token("acme", HR_AUDIENCE, "read:employee")
    assert is_problem(await read(http, JOHN, token), 403)
    assert is_problem(await read(http, "acme@clients", token), 403)


@pytest.mark.parametrize(
    "claims",
    [
        {"azp": "other-client"},
        {"azp": None, "client_id": "other-client"},
        {"azp": None},
        {"act": {"sub": "agt_1a2b3c", "client_id": "other-client"}},
        {"act": {"sub": "agt_1a2b3c", "client_id": CIBA_CLIENT, "act": {"sub": "spa", "client_id": "spa"}}},
    ],
    ids=["azp", "client_id", "no client", "another actor", "an exchanged token"],
)
async def test_token_of_another_client_reads_no_record(http: httpx.AsyncClient, claims: dict[str, object]) -> None:
    """An application with a grant of its own for this API, or an agent that exchanged the employee's token."""
    answer = await read(http, JOHN, sign({**EMPLOYEE, **claims}))
    assert is_problem(answer, 403)


@pytest.mark.parametrize(
    "claims", [{"azp": None, "client_id": CIBA_CLIENT, "jti": "x"}, AGENT_CLIENT], ids=["9068", "act"]
)
async def test_token_of_our_client_reads_the_record(http: httpx.AsyncClient, claims: dict[str, object]) -> None:
    assert (await read(http, JOHN, sign({**EMPLOYEE, **claims}))).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [{"sub_profile": "ai_agent"}, {"gty": "client-credentials"}, {"azp": JOHN}, {"sub_profile": "service"}],
    ids=str,
)
async def test_machine_with_the_id_of_an_employee_reads_no_record(
    http: httpx.AsyncClient, claims: dict[str, object]
) -> None:
    """An agent at Auth0 may have any external id."""
    assert is_problem(await read(http, JOHN, sign({**EMPLOYEE, **claims})), 403)


async def test_missing_scope_is_named(http: httpx.AsyncClient) -> None:
    answer = await read(http, JOHN, employee_token(JOHN, scope="openid read:employees"))
    assert is_problem(answer, 403)
    challenge = answer.headers["www-authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="read:employee"' in challenge


async def test_missing_token_gets_challenge(http: httpx.AsyncClient) -> None:
    answer = await read(http, JOHN, None)
    assert is_problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith('Bearer realm="staff0"')
    assert "error" not in answer.headers["www-authenticate"]  # RFC 6750 3


@pytest.mark.parametrize(
    "make_token",
    [
        lambda: "junk",
        lambda: employee_token(JOHN, AGENT_AUDIENCE),
        lambda: sign({"iss": ISSUER, "sub": JOHN, "aud": HR_AUDIENCE, "scope": "read:employee", "exp": 1}),
        lambda: sign({"iss": ISSUER, "sub": JOHN, "aud": HR_AUDIENCE, "scope": "read:employee"}, kid="stranger"),
    ],
    ids=["junk", "another audience", "expired", "another key"],
)
async def test_invalid_token_is_rejected(http: httpx.AsyncClient, make_token: Callable[[], str]) -> None:
    token = make_token()
    answer = await read(http, JOHN, token)
    assert is_problem(answer, 401)
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert token not in answer.text


async def test_two_authorization_headers_are_rejected(http: httpx.AsyncClient) -> None:
    """A gateway could have checked one of them, and the API the other."""
    good = ("Authorization", f"Bearer {employee_token(JOHN)}")
    for second in (good, ("authorization", f"Bearer {employee_token('auth0|jane')}")):
        assert is_problem(await http.get(f"/employees/{quote(JOHN)}", headers=[good, second]), 401)


async def test_token_in_query_is_ignored(http: httpx.AsyncClient) -> None:
    answer = await http.get("/employees/x", params={"access_token": employee_token("x")})
    assert answer.status_code == 401


async def test_unavailable_keys_are_503(http: httpx.AsyncClient, keys: FakeKeys) -> None:
    keys.available = False
    answer = await read(http, JOHN, employee_token(JOHN))
    assert is_problem(answer, 503)
    assert int(answer.headers["retry-after"]) > 0


async def test_table_outage_is_503_without_details(
    http: httpx.AsyncClient, dynamodb: DynamoDBClient, employees_table: str
) -> None:
    dynamodb.delete_table(TableName=employees_table)
    answer = await read(http, JOHN, employee_token(JOHN))
    assert is_problem(answer, 503)
    assert "retry-after" in answer.headers
    assert employees_table not in answer.text


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods_are_405(http: httpx.AsyncClient, verb: str) -> None:
    answer = await http.request(verb, f"/employees/{quote(JOHN)}", headers={"Authorization": "Bearer x"})
    assert is_problem(answer, 405)
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    "path", ["/", "/employees", "/employees/", "/docs", "/redoc", "/openapi.json", "/employees/a/b"]
)
async def test_other_paths_are_not_served(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code in {404, 307}


async def test_record_that_cannot_be_read_is_tried_again(
    http: httpx.AsyncClient, dynamodb: DynamoDBClient, employees_table: str, logged: io.StringIO
) -> None:
    """HR may mend it while the approval waits. Neither the answer nor the log quotes it."""
    dynamodb.put_item(TableName=employees_table, Item={"id": {"S": JOHN}, "status": {"S": "canary"}})
    answer = await read(http, JOHN, employee_token(JOHN))
    assert is_problem(answer, 503)
    assert answer.headers["retry-after"] == "5"
    assert "ItemUnreadable" in logged.getvalue()
    assert "canary" not in answer.text + logged.getvalue()
