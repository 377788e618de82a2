"""The Lambda handler: API Gateway's events with their cookies, and any other event."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from employee_page.message_responses import invalid_event
from hypothesis import given, settings
from hypothesis import strategies as st
from mangum import Mangum
from staff0.http_event import Handler, http_event_handler
from starlette.applications import Starlette

from tests.support.fake_log_in import FakeLogIn
from tests.support.fuzzed_events import JUNK, PRIVATE, QUIETLY, TEXT, mutated, sample
from tests.support.lambda_context import FakeLambdaContext
from tests.support.page_browser import forms_of
from tests.support.tokens import ISSUER
from tests.unit.employee_page.conftest import JOHN

SETTINGS = {
    "AUTH0_ISSUER": ISSUER,
    "EMPLOYEE_PAGE_AUTH0_CLIENT_ID": "employee-page",
    "PAIRWISE_KEY_ID": "key",
    "AUDIT_TABLE": "audit",
    "CHOICES_TABLE": "choices",
    "SESSIONS_TABLE": "sessions",
}


@pytest.fixture(autouse=True)
def event_loop() -> Iterator[None]:
    """Mangum needs the main thread's event loop, and pytest turns the warning about a missing one into an error."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def handler(app: Starlette) -> Handler:
    return http_event_handler(Mangum(app, lifespan="off", text_mime_types=["text/"]), invalid_event)


def request_of(path: str = "/", method: str = "GET", query: str = "", **fields: Any) -> Any:
    event = sample("employee-page") | fields
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["requestContext"]["http"]["method"] = method
    event["rawQueryString"] = query
    return event


def response_to(handler: Handler, event: Any) -> dict[str, Any]:
    answer = handler(event, SimpleNamespace())
    assert 200 <= answer["statusCode"] < 500, answer
    assert answer["isBase64Encoded"] is False
    assert PRIVATE not in answer["body"]
    return answer


def test_handler_answers_sample_event(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    handler = importlib.import_module("employee_page.app").handler
    try:
        answer = handler(sample("employee-page"), FakeLambdaContext())
        assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "text/html; charset=utf-8")
        assert handler({}, FakeLambdaContext())["statusCode"] == 400
    finally:
        sys.modules.pop("employee_page.app")


def test_cookies_are_those_of_api_gateway(handler: Handler, log_in: FakeLogIn) -> None:
    """In payload format 2.0 they stand apart from the headers, in both directions."""
    begun = response_to(handler, request_of("/login"))
    answer = log_in.authorize(begun["headers"]["location"], JOHN)
    query = "&".join(f"{name}={value}" for name, value in answer.items())
    ended = response_to(handler, request_of("/callback", query=query, cookies=_sent_back(begun)))
    session, used_up = _sent_back(ended)
    assert used_up == '__Host-staff0-log-in=""'
    shown = response_to(handler, request_of(cookies=[session]))
    assert "Logged in as" in shown["body"]
    assert forms_of(shown["body"])["Log out"]


def _sent_back(answer: dict[str, Any]) -> list[str]:
    return [cookie.partition(";")[0] for cookie in answer["cookies"]]


@settings(QUIETLY, max_examples=200)
@given(data=st.data(), path=st.sampled_from(["/", "/login", "/callback", "/logout", "/choices", "/style.css"]))
def test_any_event_gets_response(handler: Handler, data: st.DataObject, path: str) -> None:
    response_to(handler, data.draw(mutated(request_of(path, cookies=["a=b"])) | JUNK))


@QUIETLY
@given(text=TEXT, method=st.sampled_from(["GET", "POST", "PUT", "HEAD"]))
def test_any_query_cookie_and_body_get_response(handler: Handler, text: str, method: str) -> None:
    for path in ("/", "/callback", "/choices", "/logout"):
        response_to(handler, request_of(path, method, query=text))
        response_to(handler, request_of(path, method, query=f"before={text}&state={text}", body=text))
        response_to(handler, request_of(path, method, cookies=[f"__Host-staff0-page={text}", text]))
