"""For any event the HR API's handler returns a record or a problem, and never a 5xx."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hr_api.errors import invalid_event
from hypothesis import given, settings
from hypothesis import strategies as st
from mangum import Mangum
from staff0.http_event import Handler, http_event_handler
from starlette.applications import Starlette

from tests.support.fuzzed_events import JUNK, PRIVATE, QUIETLY, TEXT, mutated, sample
from tests.support.sample_employee import JOHN
from tests.support.tokens import employee_token

pytestmark = pytest.mark.usefixtures("event_loop")


@pytest.fixture
def handler(app: Starlette) -> Handler:
    return http_event_handler(
        Mangum(app, lifespan="off", text_mime_types=["application/json", "application/problem+json"]), invalid_event
    )


def request_of(employee_id: str = JOHN, **headers: str) -> Any:
    """A request with a valid token of John, about the given employee."""
    event = sample("hr-api-employee")
    event["rawPath"] = event["requestContext"]["http"]["path"] = f"/employees/{employee_id}"
    event["headers"] |= {"authorization": f"Bearer {employee_token(JOHN)}", **headers}
    return event


def response_to(handler: Handler, event: Any) -> dict[str, Any]:
    answer = handler(event, SimpleNamespace())
    assert 200 <= answer["statusCode"] < 500, answer
    assert answer["isBase64Encoded"] is False
    if answer["statusCode"] >= 400:
        assert answer["headers"]["content-type"] == "application/problem+json"
        assert json.loads(answer["body"])["status"] == answer["statusCode"]
        assert PRIVATE not in answer["body"]
    return answer


@settings(QUIETLY, max_examples=200)
@given(data=st.data())
def test_any_event_gets_response(handler: Handler, data: st.DataObject) -> None:
    response_to(handler, data.draw(mutated(request_of()) | JUNK))


@QUIETLY
@given(employee_id=TEXT, host=TEXT | st.sampled_from(["a:b:c", "host:port", "[::1]:80", "["]), authorization=TEXT)
def test_any_id_host_and_token_get_problem(handler: Handler, employee_id: str, host: str, authorization: str) -> None:
    response_to(handler, request_of(employee_id))
    response_to(handler, request_of(host=host))
    assert response_to(handler, request_of(employee_id, authorization=authorization))["statusCode"] >= 300
