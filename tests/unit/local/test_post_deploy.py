"""Which route is guarded, and by what: a mistake here opens a door on the laptop and hides one on AWS."""

import pytest

from local.cli.post_deploy import guarded_by, route_key


@pytest.mark.parametrize(
    ("path", "method", "key"),
    [
        ("/employees/{id}", "get", "GET /employees/{id}"),
        ("/{proxy+}", "x-amazon-apigateway-any-method", "ANY /{proxy+}"),
        ("/$default", "x-amazon-apigateway-any-method", "$default"),
        ("$default", "x-amazon-apigateway-any-method", "$default"),
    ],
)
def test_a_path_of_the_document_becomes_the_route_of_the_same_meaning(path: str, method: str, key: str) -> None:
    assert route_key(path, method) == key


def test_a_route_keeps_its_authorizer_and_scope() -> None:
    assert guarded_by([{"Tenant": ["read:employee"]}], {"Tenant": "a1"}) == {
        "AuthorizationType": "JWT",
        "AuthorizerId": "a1",
        "AuthorizationScopes": ["read:employee"],
    }


@pytest.mark.parametrize("security", [[], [{"NONE": []}]])
def test_only_what_the_template_opens_is_open(security: list[dict[str, list[str]]]) -> None:
    assert guarded_by(security, {"Tenant": "a1"})["AuthorizationType"] == "NONE"
