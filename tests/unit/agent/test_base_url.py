"""Cards and statements are signed for the agent's own base URL, which no Host header can change."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hr_agent.http.base_url import BaseUrlMiddleware
from hr_agent.http.request_context_keys import BASE_URL_KEY
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


async def get_base_url(
    host: str, configured: str = "", event: dict[str, Any] | None = None, path: str = "/"
) -> httpx.Response:
    """The response of an application behind `BaseUrlMiddleware` that returns its base URL."""

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(scope[BASE_URL_KEY])(scope, receive, send)

    app = BaseUrlMiddleware(respond, configured)

    async def on_lambda(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "aws.event": event}, receive, send)

    served: ASGIApp = app if event is None else on_lambda
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=served), base_url="http://unused") as client:
        return await client.get(path, headers={"Host": host})


def lambda_event(domain_name: str) -> dict[str, Any]:
    return {"requestContext": {"domainName": domain_name}}


async def test_configured_base_url_comes_first() -> None:
    for host in ("evil.example", "localhost:80"):
        answer = await get_base_url(
            host, "https://hr.staff0.example/", lambda_event("abc.execute-api.us-east-1.amazonaws.com")
        )
        assert answer.text == "https://hr.staff0.example"


async def test_domain_of_api_gateway() -> None:
    answer = await get_base_url("evil.example", event=lambda_event("abc.execute-api.us-east-1.amazonaws.com"))
    assert answer.text == "https://abc.execute-api.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1:10050", "http://127.0.0.1:10050"),
        ("localhost", "http://localhost"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("abc.execute-api.localhost:4566", "http://abc.execute-api.localhost:4566"),
    ],
)
@pytest.mark.parametrize("event", [None, {}, lambda_event("localhost")], ids=["no Lambda", "no domain", "sam local"])
async def test_loopback_host(host: str, address: str, event: dict[str, Any] | None) -> None:
    assert (await get_base_url(host, event=event)).text == address


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:127",
        "localhost@evil.example",
        "localhost:port",
        "localhost:99999",
        "[::1",
        "169.254.169.254",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/.well-known/agent-card.json", "/rpc"])
async def test_other_host_is_misdirected(host: str, path: str) -> None:
    answer = await get_base_url(host, path=path)
    assert answer.status_code == 421
    assert host not in answer.text or not host
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("host", ["localhost/evil.example", "evil@localhost"])
async def test_only_name_of_loopback_host_is_used(host: str) -> None:
    assert (await get_base_url(host)).text == "http://localhost"
