"""Access tokens for machines: the client credentials grant at /oauth/token."""

import jwt
import pytest

from tests.integration.identity_provider.stand_in import IdentityProvider


def test_token_has_auth0s_claims(idp: IdentityProvider) -> None:
    response = idp.machine_token("A2A Client acme").json()
    assert response["token_type"] == "Bearer"
    assert response["scope"] == "read:employee_status read:employment_details"
    claims = idp.claims_of(response["access_token"], "https://staff0/agent")
    assert jwt.get_unverified_header(response["access_token"])["typ"] == "JWT"
    assert claims["exp"] - claims["iat"] == response["expires_in"] == 3600
    del claims["exp"], claims["iat"]
    assert claims == {
        "iss": idp.issuer,
        "sub": "id-of-A2A Client acme@clients",
        "azp": "id-of-A2A Client acme",
        "aud": "https://staff0/agent",
        "scope": "read:employee_status read:employment_details",
        "gty": "client-credentials",
    }


def test_token_of_an_agent_in_the_profile_of_rfc_9068(idp: IdentityProvider) -> None:
    idp.phone.put("/api/face", json={"machine_token_dialect": "rfc9068_profile", "agent_identities": True})
    token = idp.machine_token("A2A Client acme").json()["access_token"]
    idp.phone.delete("/api/face")
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    claims = idp.claims_of(token, "https://staff0/agent")
    assert claims["sub"] == "agt_id-of-A2A Client acme"
    assert (claims["sub_profile"], claims["client_profile"]) == ("ai_agent", "service ai_agent")
    assert claims["client_id"] == "id-of-A2A Client acme"
    assert not {"gty", "azp"} & claims.keys()


def test_token_has_granted_scopes_only(idp: IdentityProvider) -> None:
    assert idp.machine_token("A2A Client globex").json()["scope"] == "read:employee_status"


def test_token_without_granted_scopes_has_no_scope(idp: IdentityProvider) -> None:
    response = idp.machine_token("A2A Client noscope").json()
    assert "scope" not in response
    assert "scope" not in idp.claims_of(response["access_token"], "https://staff0/agent")


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
def test_request_without_grant_gets_403(
    idp: IdentityProvider, client: str, audience: str, more: dict[str, str]
) -> None:
    response = idp.machine_token(client, audience, **more)
    assert (response.status_code, response.json()["error"]) == (403, "access_denied")


def test_wrong_secret_gets_auth0s_error(idp: IdentityProvider) -> None:
    response = idp.machine_token("A2A Client acme", client_secret="wrong")
    assert response.status_code == 401
    assert response.json() == {"error": "access_denied", "error_description": "Unauthorized"}


def test_disabled_grant_type_is_rejected(idp: IdentityProvider) -> None:
    for response in (idp.machine_token("HR Agent"), idp.poll("x", client="A2A Client acme")):
        assert (response.status_code, response.json()["error"]) == (403, "unauthorized_client")


def test_discovery_ignores_the_host_header(idp: IdentityProvider) -> None:
    found = idp.http.get("/.well-known/openid-configuration", headers={"Host": "host.docker.internal:1"}).json()
    assert found["issuer"] == idp.issuer
    assert found["token_endpoint"] == f"{idp.issuer}oauth/token"
    assert found["backchannel_authentication_endpoint"] == f"{idp.issuer}bc-authorize"
    assert found["jwks_uri"] == f"{idp.issuer}.well-known/jwks.json"
    assert found["userinfo_endpoint"] == f"{idp.issuer}userinfo"
