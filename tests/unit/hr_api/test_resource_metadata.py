"""A client that has no token learns from the challenge and the metadata where it gets one (RFC 9728)."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from hr_api.access import Access
from hr_api.employee_api import create_app
from hr_api.employees import Employees
from hr_api.resource_metadata import ResourceMetadata
from hr_api.used_approvals import UsedApprovals
from staff0.auth import TokenVerifier
from staff0.authorization_details import TYPE
from staff0.protected_resource import ProtectedResource
from staff0.skills import SKILLS
from staff0.skills.employee_record import employee_model
from starlette.applications import Starlette

from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER, FakeKeys, employee_token

METADATA = "/.well-known/oauth-protected-resource"


@pytest.mark.parametrize("headers", [{}, {"Authorization": f"Bearer {employee_token('auth0|jane')}"}])
async def test_challenge_leads_to_metadata_of_requested_url(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """Its `resource` must be the requested URL, or the client must not use the metadata (RFC 9728 3.3)."""
    challenged = await http.get("/employees/auth0%7Cjohn", headers=headers)
    assert challenged.status_code in {401, 403}
    [url] = re.findall(r'resource_metadata="([^"]+)"', challenged.headers["www-authenticate"])
    assert (await http.get(url)).json()["resource"] == str(challenged.url)


@pytest.mark.parametrize("path", ["", "/employees/auth0%7Cjohn"])
async def test_metadata_says_what_a_token_request_needs(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(METADATA + path)
    assert answer.json() == {
        "resource": f"https://hr.example{path}",
        "resource_name": "Staff0 HR API",
        "authorization_servers": [ISSUER],
        "scopes_supported": ["read:employee", "read:employment_details"],
        "bearer_methods_supported": ["header"],
        "audience": HR_AUDIENCE,
        "authorization_details_types_supported": [TYPE],
    }
    head = await http.head(METADATA + path)
    assert (head.status_code, head.content, head.headers) == (200, b"", answer.headers)


@pytest.fixture
def unconfigured(keys: FakeKeys) -> Starlette:
    """The API as on AWS, where only API Gateway knows its address."""
    access = Access(CIBA_CLIENT, SKILLS, requires_details=False)
    resource = ProtectedResource("Staff0 HR API", ISSUER, HR_AUDIENCE, access.scopes)
    no_table: Any = None
    verifier = TokenVerifier(ISSUER, HR_AUDIENCE, keys)
    used, employees = UsedApprovals(no_table, ""), Employees(no_table, "", employee_model([]))
    return create_app(verifier, access, used, employees, ResourceMetadata(resource))


async def test_host_header_names_no_resource(unconfigured: Starlette) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(unconfigured), base_url="https://evil.example") as http:
        assert (await http.get(METADATA)).status_code == 421
        challenged = await http.get("/employees/x")
    assert challenged.status_code == 401
    assert "resource_metadata" not in challenged.headers["www-authenticate"]
