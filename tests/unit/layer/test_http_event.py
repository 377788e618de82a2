from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from staff0.http_event import Handler, http_event_handler

REQUEST = {"http": {"method": "GET", "path": "/tasks", "sourceIp": "192.0.2.1"}}
EVENT: dict[str, Any] = {"version": "2.0", "requestContext": REQUEST, "headers": {"host": "api.example"}}


@pytest.fixture
def handler() -> Handler:
    return http_event_handler(
        lambda _event, _context: {"statusCode": 200},
        lambda path: SimpleNamespace(status_code=400, media_type="text/plain", body=path.encode()),
    )


def test_http_api_event_reaches_handler(handler: Handler) -> None:
    assert handler(EVENT, None) == {"statusCode": 200}


@pytest.mark.parametrize(
    "event",
    [
        EVENT | {"version": "1.0"},
        EVENT | {"headers": {"Host": "api.example:port"}},
        EVENT | {"headers": {"x-forwarded-port": ""}},
        EVENT | {"body": "a", "isBase64Encoded": True},
        EVENT | {"rawQueryString": "\ud800"},
    ],
    ids=["version", "host", "port", "base64", "surrogate"],
)
def test_unreadable_event_gets_error_response(handler: Handler, event: dict[str, Any]) -> None:
    expected = {
        "statusCode": 400,
        "headers": {"content-type": "text/plain"},
        "body": "/tasks",
        "isBase64Encoded": False,
    }
    assert handler(event, None) == expected


def test_event_of_other_shape_gets_error_response(handler: Handler) -> None:
    assert handler(["not", "an", "event"], None)["body"] == ""
