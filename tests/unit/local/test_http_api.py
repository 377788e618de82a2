"""Keys and authorization of an HTTP API's routes: a mistake here makes a route public on the emulator only."""

import pytest

from local.cli.http_api import route_authorization, route_key


@pytest.mark.parametrize(
    ("path", "method", "key"),
    [
        ("/employees/{id}", "get", "GET /employees/{id}"),
        ("/{proxy+}", "x-amazon-apigateway-any-method", "ANY /{proxy+}"),
        ("/$default", "x-amazon-apigateway-any-method", "$default"),
        ("$default", "x-amazon-apigateway-any-method", "$default"),
    ],
)
def test_route_key_of_path_and_method(path: str, method: str, key: str) -> None:
    assert route_key(path, method) == key


def test_route_has_authorizer_and_scopes() -> None:
    assert route_authorization([{"Auth0": ["read:employee"]}], {"Auth0": "a1"}) == {
        "AuthorizationType": "JWT",
        "AuthorizerId": "a1",
        "AuthorizationScopes": ["read:employee"],
    }


@pytest.mark.parametrize("security", [[], [{"NONE": []}]])
def test_route_without_authorizer_is_public(security: list[dict[str, list[str]]]) -> None:
    assert route_authorization(security, {"Auth0": "a1"})["AuthorizationType"] == "NONE"
