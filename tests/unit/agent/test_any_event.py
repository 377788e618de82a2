"""Fuzzed Lambda events get a response that API Gateway can pass on, never a 5xx."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hr_agent.methods.approval_workflow import StepFunctionsWorkflow
from hypothesis import given, settings
from hypothesis import strategies as st
from staff0.http_event import Handler

from tests.support.fuzzed_events import JUNK, PRIVATE, QUIETLY, TEXT, mutated, sample
from tests.support.lambda_context import FakeLambdaContext
from tests.support.tokens import machine_token

SAMPLES: Final = ["agent-card", "agent-send-message", "agent-get-task"]
HEADERS: Final = st.sampled_from(
    ["host", "Host", "x-forwarded-port", "x-forwarded-proto", "authorization", "Authorization", "content-type"]
) | st.sampled_from(["accept", "a2a-version", "a2a-extensions", "last-event-id", "if-none-match", "cookie"])
VALUES: Final = TEXT | st.sampled_from(
    ["a:b:c", "host:port", "[::1]:80", "[", "Bearer", "application/json", "-1", "1e9"]
)


@pytest.fixture
def handler(deployed_handler: Handler, monkeypatch: pytest.MonkeyPatch) -> Handler:
    monkeypatch.setattr(StepFunctionsWorkflow, "start", lambda _self, _task_id: None)
    return deployed_handler


def sample_event(name: str, **changes: Any) -> Any:
    """A sample event with a valid token, so that its fuzzed parts reach the application."""
    event = sample(name)
    event["headers"]["authorization"] = f"Bearer {machine_token('acme-client')}"
    return {**event, **changes}


def valid_response(handler: Handler, event: Any) -> dict[str, Any]:
    answer = handler(event, FakeLambdaContext())
    assert 200 <= answer["statusCode"] < 500, answer
    assert isinstance(answer["body"], str)
    assert answer["isBase64Encoded"] is False
    if answer["statusCode"] >= 400:
        error = json.loads(answer["body"])["error"]
        assert error["message"]
        assert PRIVATE not in answer["body"]
    return answer


@settings(QUIETLY, max_examples=200)
@given(data=st.data())
def test_any_event_gets_response(handler: Handler, data: st.DataObject) -> None:
    valid_response(
        handler, data.draw(st.sampled_from(SAMPLES).flatmap(lambda name: mutated(sample_event(name))) | JUNK)
    )


@QUIETLY
@given(more=st.dictionaries(HEADERS, VALUES, max_size=3), name=st.sampled_from(SAMPLES))
def test_any_headers_get_response(handler: Handler, more: dict[str, str], name: str) -> None:
    event = sample_event(name)
    event["headers"] |= more
    valid_response(handler, event)


@QUIETLY
@given(path=TEXT | st.sampled_from(["/rpc", "/v1/tasks/%", "/v1/tasks/..", "//", "/v1/", "*"]), verb=TEXT, query=TEXT)
def test_any_path_method_and_query_get_response(handler: Handler, path: str, verb: str, query: str) -> None:
    event = sample_event("agent-get-task", rawPath=path, rawQueryString=query)
    for method in ("GET", "POST", verb):
        event["requestContext"]["http"] |= {"path": path, "method": method}
        valid_response(handler, event)


@QUIETLY
@given(body=TEXT | st.just("eA=") | st.just("/w=="), is_base64=st.booleans())
def test_any_body_gets_response(handler: Handler, body: str, is_base64: bool) -> None:
    answer = valid_response(handler, sample_event("agent-send-message", body=body, isBase64Encoded=is_base64))
    assert json.loads(answer["body"])["jsonrpc"] == "2.0"


@pytest.mark.parametrize("name", SAMPLES)
def test_event_of_api_gateway_is_accepted(handler: Handler, name: str) -> None:
    answer = valid_response(handler, sample_event(name, cookies=["a=b"], stageVariables={"a": "b"}))
    assert answer["statusCode"] == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"requestContext": {}},
        {"version": "1.0"},
        {"headers": {"host": "a:b:c"}},
        {"headers": {"host": "a", "x-forwarded-port": "http"}},
        {"headers": {"x-a": "\ud800"}},
        {"rawQueryString": 7},
        {"body": "\ud800"},
        {"body": "e", "isBase64Encoded": True},
        {"body": "e30=\u00e9", "isBase64Encoded": True},
    ],
    ids=str,
)
def test_event_that_mangum_cannot_parse_is_400(handler: Handler, changes: dict[str, Any]) -> None:
    answer = valid_response(handler, sample_event("agent-send-message", **changes))
    assert answer["statusCode"] == 400


def test_error_has_format_of_binding(handler: Handler) -> None:
    rpc = sample_event("agent-send-message", body="e", isBase64Encoded=True)
    assert json.loads(valid_response(handler, rpc)["body"])["jsonrpc"] == "2.0"
    assert json.loads(valid_response(handler, None)["body"])["error"]["status"] == "INVALID_ARGUMENT"
