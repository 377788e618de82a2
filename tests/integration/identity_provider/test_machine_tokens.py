"""Client credentials at /oauth/token, as Auth0 gives them."""

from typing import Any

import jwt
import pytest

from tests.integration.identity_provider.conftest import Tenant


def claims_of(tenant: Tenant, token: str, audience: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict(tenant.http.get("/.well-known/jwks.json").json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=tenant.issuer)
    return claims


def test_a_caller_gets_a_token_of_auth0s_shape(tenant: Tenant) -> None:
    answer = tenant.machine_token("A2A Client acme").json()
    assert answer["token_type"] == "Bearer"
    assert answer["scope"] == "read:employee_status"
    claims = claims_of(tenant, answer["access_token"], "https://staff0/agent")
    assert jwt.get_unverified_header(answer["access_token"])["typ"] == "JWT"
    assert claims["exp"] - claims["iat"] == answer["expires_in"] == 3600
    del claims["exp"], claims["iat"]
    assert claims == {
        "iss": tenant.issuer,
        "sub": "id-of-A2A Client acme@clients",
        "azp": "id-of-A2A Client acme",
        "aud": "https://staff0/agent",
        "scope": "read:employee_status",
        "gty": "client-credentials",
    }


def test_a_caller_without_the_scope_gets_a_token_that_may_not_ask(tenant: Tenant) -> None:
    answer = tenant.machine_token("A2A Client noscope").json()
    assert "scope" not in answer
    assert "scope" not in claims_of(tenant, answer["access_token"], "https://staff0/agent")


@pytest.mark.parametrize(
    ("client", "audience", "more"),
    [
        ("A2A Client acme", "https://nowhere/api", {}),
        ("A2A Client acme", "", {}),
        ("A2A Client acme", "https://staff0/api", {}),
        ("HR Agent Directory", "https://staff0/agent", {}),
        ("A2A Client acme", "https://staff0/agent", {"scope": "read:employee"}),
    ],
)
def test_what_no_grant_allows_is_refused_with_403(
    tenant: Tenant, client: str, audience: str, more: dict[str, str]
) -> None:
    answer = tenant.machine_token(client, audience, **more)
    assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")


def test_a_wrong_secret_is_answered_in_auth0s_words(tenant: Tenant) -> None:
    answer = tenant.machine_token("A2A Client acme", client_secret="wrong")
    assert answer.status_code == 401
    assert answer.json() == {"error": "access_denied", "error_description": "Unauthorized"}


def test_a_grant_type_that_is_not_switched_on_is_refused(tenant: Tenant) -> None:
    for answer in (tenant.machine_token("HR Agent"), tenant.poll("x", client="A2A Client acme")):
        assert (answer.status_code, answer.json()["error"]) == (403, "unauthorized_client")


def test_discovery_names_the_issuer_whatever_the_host_header_says(tenant: Tenant) -> None:
    found = tenant.http.get("/.well-known/openid-configuration", headers={"Host": "host.docker.internal:1"}).json()
    assert found["issuer"] == tenant.issuer
    assert found["token_endpoint"] == f"{tenant.issuer}oauth/token"
    assert found["backchannel_authentication_endpoint"] == f"{tenant.issuer}bc-authorize"
    assert found["jwks_uri"] == f"{tenant.issuer}.well-known/jwks.json"
    assert found["userinfo_endpoint"] == f"{tenant.issuer}userinfo"
