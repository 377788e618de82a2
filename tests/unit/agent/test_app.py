"""The module that Lambda loads: raw API Gateway events (payload 2.0) in, answers out."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from staff0.errors import SettingsError
from staff0.http_event import Handler

from tests.support.a2a_test_client import message
from tests.support.tokens import machine_token

HOST = "abc123.execute-api.us-east-1.amazonaws.com"

type Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(deployed_handler: Handler) -> Ask:
    def call(verb: str, path: str, body: str | None = None, **headers: str) -> dict[str, Any]:
        return deployed_handler(_event(verb, path, body, headers), SimpleNamespace())

    return call


def _event(verb: str, path: str, body: str | None, headers: dict[str, str]) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": HOST, "x-forwarded-proto": "https", "content-type": "application/json", **headers},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": HOST,
            "http": {"method": verb, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "t"},
            "requestId": "r",
            "routeKey": "$default",
            "stage": "$default",
            "time": "05/Jan/2026:09:00:00 +0000",
            "timeEpoch": 1767603600000,
        },
        "body": body,
        "isBase64Encoded": False,
    }


def _asked() -> dict[str, str]:
    return {"authorization": f"Bearer {machine_token('acme-client')}", "a2a-version": "1.0"}


def test_the_card_names_the_apis_own_host(ask: Ask) -> None:
    answer = ask("GET", "/.well-known/agent-card.json")
    assert answer["statusCode"] == 200
    offers = json.loads(answer["body"])["supportedInterfaces"]
    assert {offer["url"] for offer in offers} == {f"https://{HOST}/rpc", f"https://{HOST}/v1"}


def test_nobody_chooses_by_a_host_header_what_the_card_is_signed_for(ask: Ask) -> None:
    answer = ask("GET", "/.well-known/agent-card.json", host="evil.example")
    assert "evil.example" not in answer["body"]


def test_the_keys_are_served_as_text(ask: Ask) -> None:
    answer = ask("GET", "/.well-known/jwks.json")
    assert answer["isBase64Encoded"] is False
    assert answer["headers"]["content-type"] == "application/jwk-set+json"
    assert len(json.loads(answer["body"])["keys"]) == 2


def test_a_required_extension_that_the_card_does_not_declare_stops_the_start(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRED_EXTENSIONS", "https://staff0/a2a/dance/v1")
    sys.modules.pop("hr_agent.app")
    with pytest.raises(SettingsError, match="REQUIRED_EXTENSIONS"):
        importlib.import_module("hr_agent.app")


def test_a_question_without_an_address_is_asked_back_through_api_gateway(ask: Ask) -> None:
    body = json.dumps({"message": message("Does John Doe work at Staff0?")})
    answer = ask("POST", "/v1/message:send", body, **_asked())
    assert answer["statusCode"] == 200
    assert answer["isBase64Encoded"] is False  # A2A's own media type is text, too
    assert answer["headers"]["content-type"] == "application/a2a+json"
    task = json.loads(answer["body"])["task"]
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    again = ask("GET", f"/v1/tasks/{task['id']}", **_asked())
    assert json.loads(again["body"])["id"] == task["id"]
    canceled = ask("POST", f"/v1/tasks/{task['id']}:cancel", "{}", **_asked())
    assert json.loads(canceled["body"])["status"]["state"] == "TASK_STATE_CANCELED"


@pytest.mark.parametrize("path", ["/rpc", "/rpc/"])
def test_json_rpc_is_served_with_and_without_the_slash(ask: Ask, path: str) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": "1", "method": "ListTasks", "params": {}})
    answer = ask("POST", path, body, **_asked())
    assert json.loads(answer["body"])["result"]["totalSize"] == 0


def test_without_a_token_the_answer_is_a_challenge(ask: Ask) -> None:
    answer = ask("POST", "/rpc", "{}")
    assert answer["statusCode"] == 401
    assert answer["headers"]["www-authenticate"].startswith("Bearer ")


def test_a_missing_setting_is_named_at_the_start(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATE_MACHINE_ARN")
    sys.modules.pop("hr_agent.app")
    with pytest.raises(Exception, match="STATE_MACHINE_ARN"):
        importlib.import_module("hr_agent.app")
