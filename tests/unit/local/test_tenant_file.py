"""The file that is imported into Auth0 names nothing that belongs to others."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from staff0.skills import SKILLS

from local.cli.paths import PROJECT

FOLDER = PROJECT / "local" / "identity_provider"
OUR_APIS = ["https://staff0/agent", "https://staff0/api"]


@pytest.fixture
def tenant() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / "tenant.yaml").read_text())
    return content


def test_import_writes_apis_applications_and_grants_only(tenant: dict[str, Any]) -> None:
    """A section for the tenant, its factors, roles or connections would change them for all applications."""
    assert sorted(tenant) == ["clientGrants", "clients", "resourceServers"]
    assert [api["identifier"] for api in tenant["resourceServers"]] == OUR_APIS


PAGE = "Staff0 Employee Page"


def test_each_application_has_one_grant_for_our_apis_or_the_directory(tenant: dict[str, Any]) -> None:
    grants = {grant["client_id"]: grant for grant in tenant["clientGrants"]}
    assert sorted([*grants, PAGE]) == sorted(client["name"] for client in tenant["clients"])
    assert len(grants) == len(tenant["clientGrants"])
    management = grants.pop("HR Agent Directory")
    assert (management["audience"], management["scope"]) == ("##TENANT_URL##api/v2/", ["read:users"])
    assert {grant["audience"] for grant in grants.values()} == set(OUR_APIS)


def test_page_is_a_public_client_of_the_code_flow(tenant: dict[str, Any]) -> None:
    """It has no secret to lose and no grant for an API, and its addresses are exact."""
    [page] = [client for client in tenant["clients"] if client["name"] == PAGE]
    assert page["token_endpoint_auth_method"] == "none"
    assert page["grant_types"] == ["authorization_code"]
    assert page["callbacks"] == ["##EMPLOYEE_PAGE_URL##/callback"]
    assert page["allowed_logout_urls"] == ["##EMPLOYEE_PAGE_URL##/"]


def test_token_of_the_hr_api_has_an_id(tenant: dict[str, Any]) -> None:
    """The statement names it as a hash. Only the profile of RFC 9068 has the claim jti."""
    [hr_api] = [api for api in tenant["resourceServers"] if api["identifier"] == "https://staff0/api"]
    assert hr_api["token_dialect"] == "rfc9068_profile_authz"


def test_apis_grants_and_role_have_the_scopes_of_each_skill(tenant: dict[str, Any]) -> None:
    """Without one of them a question is refused, or the employee's approval does not suffice."""
    asked, disclosed = {skill.scope for skill in SKILLS}, {skill.employee_scope for skill in SKILLS}
    agent, hr_api = [{scope["value"] for scope in api["scopes"]} for api in tenant["resourceServers"]]
    assert (agent, hr_api) == (asked, disclosed)
    scopes = {grant["client_id"]: set(grant["scope"]) for grant in tenant["clientGrants"]}
    assert (scopes["A2A Client acme"], scopes["HR Agent"]) == (asked, disclosed)
    [role] = yaml.safe_load((FOLDER / "tenant-options.yaml").read_text())["roles"]
    assert {permission["permission_name"] for permission in role["permissions"]} == disclosed


def test_optional_role_takes_no_name_that_a_tenant_may_have() -> None:
    """An import replaces the permissions of a role with the same name."""
    options = yaml.safe_load((FOLDER / "tenant-options.yaml").read_text())
    assert [role["name"] for role in options["roles"]] == ["Staff0 Employee"]
    assert sorted(options) == ["databases", "guardianFactors", "roles"]
