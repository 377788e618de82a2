"""Pages of the origins that an operator names may call the agent from a browser, and no others (WHATWG Fetch 3.2)."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import uvicorn
from hr_agent.application import AccessControl, create_app
from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.http.cors import REQUEST_HEADERS
from hr_agent.protocol.request_handler import StatelessRequestHandler
from starlette.applications import Starlette

from tests.support.a2a_test_client import BASE_URL, QUESTION
from tests.support.browser import BROWSER, open_page
from tests.support.http_servers import Quiet, serving
from tests.support.tokens import machine_token

PAGE, OTHER = "https://app.example", "https://evil.example"
PATHS: Final = ["/rpc", "/v1/message:send", "/v1/tasks/t", "/v1/v1/tasks/t", "/.well-known/agent-card.json"]
CORS: Final = "access-control-"


def cors_headers(answer: httpx.Response) -> dict[str, str]:
    return {name.removeprefix(CORS): value for name, value in answer.headers.items() if name.startswith(CORS)}


@pytest.fixture
def open_app(handler: StatelessRequestHandler, well_known: WellKnownRoutes, access: AccessControl) -> Starlette:
    return create_app(handler, well_known, access, allowed_origins=(PAGE, "http://localhost:3000"))


@pytest.fixture
async def browser(open_app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=open_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client


async def preflight(http: httpx.AsyncClient, path: str, origin: str, method: str, headers: str) -> httpx.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return await http.options(path, headers=asked)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_preflight_of_an_allowed_page_needs_no_token(browser: httpx.AsyncClient, path: str, method: str) -> None:
    answer = await preflight(browser, path, PAGE, method, ",".join(REQUEST_HEADERS).lower())
    assert answer.status_code == 200
    allowed = cors_headers(answer)
    assert allowed["allow-origin"] == PAGE
    assert method in allowed["allow-methods"]
    assert {"authorization", "a2a-version", "staff0-wait", "traceparent"} <= set(
        allowed["allow-headers"].lower().split(", ")
    )
    assert "allow-credentials" not in allowed


@pytest.mark.parametrize(
    ("origin", "method", "headers"),
    [
        (OTHER, "POST", "authorization"),
        ("null", "POST", "authorization"),
        ("http://app.example", "POST", "authorization"),
        (f"{PAGE}.evil.example", "POST", "authorization"),
        (PAGE, "PUT", "authorization"),
        (PAGE, "POST", "x-unknown"),
    ],
)
async def test_other_preflight_is_refused(browser: httpx.AsyncClient, origin: str, method: str, headers: str) -> None:
    answer = await preflight(browser, "/rpc", origin, method, headers)
    assert answer.status_code == 400
    assert origin == PAGE or "allow-origin" not in cors_headers(answer)


@pytest.mark.parametrize("path", PATHS)
async def test_allowed_page_reads_responses_and_errors(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path, headers={"Origin": PAGE})
    assert cors_headers(answer)["allow-origin"] == PAGE
    assert "WWW-Authenticate" in cors_headers(answer)["expose-headers"]
    assert "Origin" in answer.headers["vary"].split(", ")


async def test_other_page_reads_nothing(browser: httpx.AsyncClient) -> None:
    answer = await browser.get(PATHS[-1], headers={"Origin": OTHER})
    assert "allow-origin" not in cors_headers(answer)


async def test_cache_is_told_that_the_origin_matters(browser: httpx.AsyncClient) -> None:
    """Otherwise it would give a page the response that a program got, without the headers that let the page read it."""
    for headers in ({}, {"Origin": PAGE}):
        vary = (await browser.get(PATHS[-1], headers=headers)).headers["vary"].split(", ")
        assert sorted(vary) == ["A2A-Version", "Origin"]


@pytest.mark.parametrize("path", PATHS)
async def test_without_origins_nothing_is_allowed(http: httpx.AsyncClient, path: str) -> None:
    assert not cors_headers(await preflight(http, path, PAGE, "POST", "authorization"))
    answer = await http.get(path, headers={"Origin": PAGE})
    assert not cors_headers(answer)
    assert "Origin" not in answer.headers.get("vary", "")
    assert (await http.options("/rpc")).status_code == 401


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The application on a port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


class EmptyPage(Quiet, BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>A page of another origin</title>")


@pytest.fixture
def page_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), EmptyPage)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


ASK: Final = """
(async () => {{
  const headers = {{ Authorization: 'Bearer {token}', 'A2A-Version': '1.0', 'Content-Type': 'application/json' }};
  const message = {{ messageId: 'm-1', role: 'ROLE_USER', parts: [{{ text: '{question}' }}] }};
  try {{
    const body = JSON.stringify({{ message, configuration: {{ returnImmediately: true }} }});
    const asked = await fetch('{agent}/v1/message:send', {{ method: 'POST', headers, body }});
    const {{ task }} = await asked.json();
    const waited = await fetch('{agent}/v1/tasks/' + task.id, {{ headers: {{ ...headers, 'Staff0-Wait': '0' }} }});
    const refused = await fetch('{agent}/v1/tasks', {{ headers: {{ 'A2A-Version': '1.0' }} }});
    return JSON.stringify([task.status.state, (await waited.json()).metadata.sequence,
      refused.status, refused.headers.get('WWW-Authenticate').slice(0, 6)]);
  }} catch (error) {{
    return JSON.stringify(error.name);
  }}
}})()
"""


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
@pytest.mark.parametrize(
    ("is_allowed", "result"), [(True, ["TASK_STATE_SUBMITTED", 1, 401, "Bearer"]), (False, "TypeError")]
)
def test_page_of_another_origin_asks(  # noqa: PLR0917 - the parts of an application
    handler: StatelessRequestHandler,
    well_known: WellKnownRoutes,
    access: AccessControl,
    page_url: str,
    tmp_path: Path,
    is_allowed: bool,
    result: Any,
) -> None:
    origins = (page_url,) if is_allowed else (PAGE,)
    with served(create_app(handler, well_known, access, allowed_origins=origins)) as agent:
        ask = ASK.format(agent=agent, question=QUESTION, token=machine_token("acme-client"))
        with open_page(page_url, tmp_path) as page:
            assert json.loads(page.evaluate(ask)) == result
