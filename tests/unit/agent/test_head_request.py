"""HEAD is answered as GET, without a body (RFC 9110 9.1, 9.3.2)."""

from __future__ import annotations

import httpx
import pytest
from hr_agent.http.public_paths import CARD, DOCUMENTS, JWKS, OLD_CARD
from staff0.http_event import Handler

from tests.support.a2a_test_client import Agent
from tests.support.lambda_context import FakeLambdaContext


@pytest.mark.parametrize("version", ["", "0.3", "1.0"])
@pytest.mark.parametrize("path", [CARD, OLD_CARD, JWKS, *DOCUMENTS])
async def test_head_of_public_document(http: httpx.AsyncClient, path: str, version: str) -> None:
    headers = {"A2A-Version": version}
    get, head = await http.get(path, headers=headers), await http.head(path, headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == get.headers
    assert int(head.headers["content-length"]) == len(get.content)


async def test_head_with_condition(http: httpx.AsyncClient) -> None:
    tag = (await http.head(CARD)).headers["etag"]
    answer = await http.head(CARD, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.headers["etag"], answer.content) == (304, tag, b"")


async def test_head_elsewhere_is_as_get(agent: Agent) -> None:
    task = await agent.send()
    for path in ("/v1/tasks", f"/v1/tasks/{task['id']}", "/v1/tasks/no-such-task", "/v1/tasks?status=working", "/v1/x"):
        for headers in (agent.headers, {}):
            get, head = await agent.http.get(path, headers=headers), await agent.http.head(path, headers=headers)
            assert (head.status_code, head.content) == (get.status_code, b"")
            assert head.headers == get.headers


def test_head_through_api_gateway(deployed_handler: Handler) -> None:
    domain = "abc123.execute-api.us-east-1.amazonaws.com"
    event = {
        "version": "2.0",
        "routeKey": f"HEAD {CARD}",
        "rawPath": CARD,
        "rawQueryString": "",
        "headers": {"host": domain},
        "requestContext": {
            "domainName": domain,
            "http": {"method": "HEAD", "path": CARD, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "t"},
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
    answer = deployed_handler(event, FakeLambdaContext())
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert answer["headers"]["etag"]
