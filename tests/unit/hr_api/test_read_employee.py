"""An employee's own token reads that employee's record, and nothing else is ever told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from tests.support.tokens import AGENT_AUDIENCE, HR_AUDIENCE, ISSUER, FakeKeys, employee_token, machine_token, sign
from tests.unit.hr_api.conftest import JOHN, RECORD

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


async def read(http: httpx.AsyncClient, employee_id: str, token: str | None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await http.get(f"/employees/{quote(employee_id, safe='')}", headers=headers)


def is_problem(answer: httpx.Response, status: int) -> bool:
    body = answer.json()
    kind = answer.headers["content-type"] == "application/problem+json"
    return kind and body.keys() == {"title", "status", "detail"} and answer.status_code == body["status"] == status


async def test_the_employees_own_token_reads_the_record(http: httpx.AsyncClient) -> None:
    answer = await read(http, JOHN, employee_token(JOHN))
    assert answer.status_code == 200
    assert answer.json() == RECORD


@pytest.mark.parametrize("status", ["active", "on_leave", "terminated"])
async def test_each_status_is_told_as_it_is(
    http: httpx.AsyncClient, dynamodb: DynamoDBClient, employees_table: str, status: str
) -> None:
    item = {**RECORD, "status": status, "photo": "unknown to this version"}
    dynamodb.put_item(TableName=employees_table, Item={name: {"S": value} for name, value in item.items()})
    answer = await read(http, JOHN, employee_token(JOHN))
    assert answer.json() == {**RECORD, "status": status}


async def test_a_person_unknown_to_hr_is_not_found_with_their_own_token_only(http: httpx.AsyncClient) -> None:
    assert is_problem(await read(http, "auth0|new", employee_token("auth0|new")), 404)


async def test_another_employees_token_learns_nothing_not_even_who_exists(http: httpx.AsyncClient) -> None:
    known = await read(http, JOHN, employee_token("auth0|jane"))
    unknown = await read(http, "auth0|nobody", employee_token("auth0|jane"))
    assert is_problem(known, 403)
    assert (known.content, known.headers) == (unknown.content, unknown.headers)


@pytest.mark.parametrize("employee_id", [JOHN.upper(), f"{JOHN} ", f" {JOHN}", "john", "auth0%7Cjohn"])
async def test_an_id_that_only_resembles_the_subject_is_not_it(http: httpx.AsyncClient, employee_id: str) -> None:
    assert is_problem(await read(http, employee_id, employee_token(JOHN)), 403)


async def test_a_machine_reads_nobody_not_even_itself(http: httpx.AsyncClient) -> None:
    token = machine_token("acme", HR_AUDIENCE, "read:employee")
    assert is_problem(await read(http, JOHN, token), 403)
    assert is_problem(await read(http, "acme@clients", token), 403)


async def test_a_missing_scope_is_named(http: httpx.AsyncClient) -> None:
    answer = await read(http, JOHN, employee_token(JOHN, scope="openid read:employees"))
    assert is_problem(answer, 403)
    challenge = answer.headers["www-authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="read:employee"' in challenge


async def test_without_a_token_the_answer_says_how_to_come_back(http: httpx.AsyncClient) -> None:
    answer = await read(http, JOHN, None)
    assert is_problem(answer, 401)
    assert answer.headers["www-authenticate"] == 'Bearer realm="staff0"'


@pytest.mark.parametrize(
    "minted",
    [
        lambda: "junk",
        lambda: employee_token(JOHN, AGENT_AUDIENCE),
        lambda: sign({"iss": ISSUER, "sub": JOHN, "aud": HR_AUDIENCE, "scope": "read:employee", "exp": 1}),
        lambda: sign({"iss": ISSUER, "sub": JOHN, "aud": HR_AUDIENCE, "scope": "read:employee"}, kid="stranger"),
    ],
    ids=["junk", "another audience", "expired", "another key"],
)
async def test_a_token_that_is_not_valid_here_is_refused(http: httpx.AsyncClient, minted: Callable[[], str]) -> None:
    token = minted()
    answer = await read(http, JOHN, token)
    assert is_problem(answer, 401)
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert token not in answer.text


async def test_two_tokens_are_none(http: httpx.AsyncClient) -> None:
    """A gateway may have judged the one, and we the other."""
    good = ("Authorization", f"Bearer {employee_token(JOHN)}")
    for second in (good, ("authorization", f"Bearer {employee_token('auth0|jane')}")):
        assert is_problem(await http.get(f"/employees/{quote(JOHN)}", headers=[good, second]), 401)


async def test_a_token_is_never_taken_from_the_address(http: httpx.AsyncClient) -> None:
    answer = await http.get("/employees/x", params={"access_token": employee_token("x")})
    assert answer.status_code == 401


async def test_an_issuer_that_is_down_turns_nobody_away_for_good(http: httpx.AsyncClient, keys: FakeKeys) -> None:
    keys.available = False
    answer = await read(http, JOHN, employee_token(JOHN))
    assert is_problem(answer, 503)
    assert int(answer.headers["retry-after"]) > 0


async def test_an_outage_of_the_table_can_be_tried_again_and_tells_nothing(
    http: httpx.AsyncClient, dynamodb: DynamoDBClient, employees_table: str
) -> None:
    dynamodb.delete_table(TableName=employees_table)
    answer = await read(http, JOHN, employee_token(JOHN))
    assert is_problem(answer, 503)
    assert "retry-after" in answer.headers
    assert employees_table not in answer.text


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_records_can_only_be_read(http: httpx.AsyncClient, verb: str) -> None:
    answer = await http.request(verb, f"/employees/{quote(JOHN)}", headers={"Authorization": "Bearer x"})
    assert is_problem(answer, 405)
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    "path", ["/", "/employees", "/employees/", "/docs", "/redoc", "/openapi.json", "/employees/a/b"]
)
async def test_nothing_else_is_served(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code in {404, 307}
