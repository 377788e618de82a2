"""A client that has no token learns from the challenge and the metadata where it gets one (RFC 9728)."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.support.a2a_test_client import BASE_URL
from tests.support.tokens import AGENT_AUDIENCE, ISSUER, machine_token

METADATA = "/.well-known/oauth-protected-resource"


@pytest.mark.parametrize(("verb", "path"), [("POST", "/rpc"), ("GET", "/v1/tasks"), ("POST", "/v1/message:send")])
@pytest.mark.parametrize("token", ["", "junk", "unregistered"])
async def test_challenge_leads_to_metadata_of_requested_url(
    http: httpx.AsyncClient, verb: str, path: str, token: str
) -> None:
    """Its `resource` must be the requested URL, or the client must not use the metadata (RFC 9728 3.3)."""
    sent = machine_token("unregistered-client") if token == "unregistered" else token
    challenged = await http.request(verb, path, headers={"Authorization": f"Bearer {sent}"} if sent else {})
    assert challenged.status_code == (403 if token == "unregistered" else 401)
    [url] = re.findall(r'resource_metadata="([^"]+)"', challenged.headers["www-authenticate"])
    metadata = (await http.get(url)).json()
    assert metadata["resource"] == f"{BASE_URL}{path}"
    assert metadata["authorization_servers"] == [ISSUER]


@pytest.mark.parametrize("path", ["", "/rpc", "/v1"])
async def test_metadata_says_what_a_token_request_needs(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(METADATA + path)
    assert answer.json() == {
        "resource": f"{BASE_URL}{path}",
        "resource_name": "Staff0 HR Agent",
        "authorization_servers": [ISSUER],
        "scopes_supported": ["read:employee_status", "read:employment_details"],
        "bearer_methods_supported": ["header"],
        "audience": AGENT_AUDIENCE,
        "jwks_uri": f"{BASE_URL}/.well-known/jwks.json",
        "resource_documentation": f"{BASE_URL}/docs/callers.md",
    }
    assert answer.headers["content-type"] == "application/json"  # RFC 9728 3.2
    assert answer.headers["cache-control"] == "public, max-age=300"
    head = await http.head(METADATA + path)
    assert (head.status_code, head.content, head.headers) == (200, b"", answer.headers)


async def test_metadata_is_revalidated(http: httpx.AsyncClient) -> None:
    tag = (await http.get(METADATA)).headers["etag"]
    assert (await http.get(METADATA, headers={"If-None-Match": tag})).status_code == 304


async def test_similar_path_needs_a_token(http: httpx.AsyncClient) -> None:
    assert (await http.get(f"{METADATA}s")).status_code == 401
