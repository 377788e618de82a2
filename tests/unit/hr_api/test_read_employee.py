from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError
from fastapi.testclient import TestClient
from hr_api.application import create_app
from hr_api.employees import Employee, Employees
from staff0.auth import TokenVerifier

from tests.fakes.tenant_keys import HR_AUDIENCE, ISSUER, FakeKeys, employee_token, machine_token

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

JOHN = {
    "id": "auth0|john",
    "name": "John Doe",
    "title": "Engineer",
    "department": "Platform",
    "status": "active",
    "start_date": "2021-03-01",
}


class Outage(Employees):
    def find(self, employee_id: str) -> Employee | None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb")


@pytest.fixture
def employees(dynamodb: DynamoDBClient) -> Employees:
    dynamodb.create_table(
        TableName="employees",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    dynamodb.put_item(TableName="employees", Item={name: {"S": value} for name, value in JOHN.items()})
    return Employees(dynamodb, "employees")


@pytest.fixture
def http(employees: Employees) -> Iterator[TestClient]:
    with TestClient(create_app(TokenVerifier(ISSUER, HR_AUDIENCE, FakeKeys()), employees)) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_an_employees_own_token_opens_their_record(http: TestClient) -> None:
    assert http.get("/employees/auth0%7Cjohn", headers=bearer(employee_token("auth0|john"))).json() == JOHN


@pytest.mark.parametrize("employee_id", ["auth0%7Cjohn", "auth0%7Cnobody"])
def test_anothers_token_is_refused_whether_the_person_exists_or_not(http: TestClient, employee_id: str) -> None:
    answer = http.get(f"/employees/{employee_id}", headers=bearer(employee_token("auth0|jane")))
    assert answer.status_code == 403
    assert "John" not in answer.text


def test_a_callers_token_opens_nothing(http: TestClient) -> None:
    token = machine_token("acme", audience=HR_AUDIENCE, scope="read:employee")
    assert http.get("/employees/acme%40clients", headers=bearer(token)).status_code == 403


def test_a_missing_scope_is_named(http: TestClient) -> None:
    answer = http.get("/employees/auth0%7Cjohn", headers=bearer(employee_token("auth0|john", scope="openid")))
    assert answer.status_code == 403
    assert 'scope="read:employee"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, bearer("junk"), bearer(machine_token("acme"))])
def test_without_a_good_token_there_is_a_challenge(http: TestClient, headers: dict[str, str]) -> None:
    answer = http.get("/employees/auth0%7Cjohn", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_person_hr_does_not_know_is_a_404(http: TestClient) -> None:
    assert http.get("/employees/auth0%7Cnew", headers=bearer(employee_token("auth0|new"))).status_code == 404


def test_an_outage_says_try_again(dynamodb: DynamoDBClient) -> None:
    token = bearer(employee_token("auth0|john"))
    for keys in (FakeKeys(), FakeKeys(available=False)):
        app = create_app(TokenVerifier(ISSUER, HR_AUDIENCE, keys), Outage(dynamodb, "employees"))
        answer = TestClient(app).get("/employees/auth0%7Cjohn", headers=token)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
