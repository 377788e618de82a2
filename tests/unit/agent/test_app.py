"""The Lambda handler with raw API Gateway events (payload format 2.0)."""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hr_agent.http.public_paths import CARD, JWKS
from staff0.errors import SettingsError
from staff0.http_event import Handler

from tests.support.a2a_test_client import message
from tests.support.card_verification import verified_signatures
from tests.support.lambda_context import FakeLambdaContext
from tests.support.tokens import machine_token

HOST = "abc123.execute-api.us-east-1.amazonaws.com"

type Invoke = Callable[..., dict[str, Any]]


@pytest.fixture
def invoke(deployed_handler: Handler) -> Invoke:
    def call(verb: str, path: str, body: str | None = None, **headers: str) -> dict[str, Any]:
        return deployed_handler(_event(verb, path, body, headers), FakeLambdaContext())

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


def _authenticated() -> dict[str, str]:
    return {"authorization": f"Bearer {machine_token('acme-client')}", "a2a-version": "1.0"}


@pytest.mark.parametrize("version", ["", "0.3", "1.0"])
def test_card_verifies_through_api_gateway(invoke: Invoke, version: str) -> None:
    keys = json.loads(invoke("GET", JWKS)["body"])
    answer = invoke("GET", CARD, **{"a2a-version": version})
    assert verified_signatures(answer["body"], keys)[0] == 0
    assert (answer["isBase64Encoded"], answer["headers"]["vary"]) == (False, "A2A-Version")


def test_card_has_domain_of_api(invoke: Invoke) -> None:
    response = invoke("GET", "/.well-known/agent-card.json")
    assert response["statusCode"] == 200
    offers = json.loads(response["body"])["supportedInterfaces"]
    assert {offer["url"] for offer in offers} == {f"https://{HOST}/rpc", f"https://{HOST}/v1"}


def test_host_header_does_not_change_card(invoke: Invoke) -> None:
    response = invoke("GET", "/.well-known/agent-card.json", host="evil.example")
    assert "evil.example" not in response["body"]


def test_jwks_is_served_as_text(invoke: Invoke) -> None:
    response = invoke("GET", "/.well-known/jwks.json")
    assert response["isBase64Encoded"] is False
    assert response["headers"]["content-type"] == "application/jwk-set+json"
    assert [key["alg"] for key in json.loads(response["body"])["keys"]] == ["ES256", "ES256", "RS256"]


def test_start_fails_for_unknown_required_extension(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRED_EXTENSIONS", "https://staff0/a2a/dance/v1")
    sys.modules.pop("hr_agent.app")
    with pytest.raises(SettingsError, match="REQUIRED_EXTENSIONS"):
        importlib.import_module("hr_agent.app")


def test_operator_names_the_origins(deployed_handler: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"origin": "https://b.example", "access-control-request-method": "POST"}
    preflight = _event("OPTIONS", "/rpc", None, headers)
    assert deployed_handler(preflight, FakeLambdaContext())["statusCode"] == 401
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "https://a.example,https://b.example")
    sys.modules.pop("hr_agent.app")
    answer = importlib.import_module("hr_agent.app").handler(preflight, FakeLambdaContext())
    assert answer["headers"]["access-control-allow-origin"] == "https://b.example"


def test_incomplete_question_through_api_gateway(invoke: Invoke) -> None:
    body = json.dumps({"message": message("Does John Doe work at Staff0?")})
    response = invoke("POST", "/v1/message:send", body, **_authenticated())
    assert response["statusCode"] == 200
    assert response["isBase64Encoded"] is False  # A2A's media type counts as text
    assert response["headers"]["content-type"] == "application/a2a+json"
    task = json.loads(response["body"])["task"]
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    again = invoke("GET", f"/v1/tasks/{task['id']}", **_authenticated())
    assert json.loads(again["body"])["id"] == task["id"]
    canceled = invoke("POST", f"/v1/tasks/{task['id']}:cancel", "{}", **_authenticated())
    assert json.loads(canceled["body"])["status"]["state"] == "TASK_STATE_CANCELED"


@pytest.mark.parametrize("path", ["/rpc", "/rpc/"])
def test_json_rpc_path_with_and_without_slash(invoke: Invoke, path: str) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": "1", "method": "ListTasks", "params": {}})
    response = invoke("POST", path, body, **_authenticated())
    assert json.loads(response["body"])["result"]["totalSize"] == 0


def test_missing_token_is_challenged(invoke: Invoke) -> None:
    response = invoke("POST", "/rpc", "{}")
    assert response["statusCode"] == 401
    assert response["headers"]["www-authenticate"].startswith("Bearer ")


def test_start_names_missing_setting(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATE_MACHINE_ARN")
    sys.modules.pop("hr_agent.app")
    with pytest.raises(Exception, match="STATE_MACHINE_ARN"):
        importlib.import_module("hr_agent.app")


def test_log_lines_have_only_their_own_task_id(invoke: Invoke, logged: io.StringIO) -> None:
    body = json.dumps({"message": message("Does John Doe work at Staff0?")})
    task = json.loads(invoke("POST", "/v1/message:send", body, **_authenticated())["body"])["task"]
    elsewhere = message("and more", "m-2", taskId=task["id"], contextId="another")
    invoke("POST", "/v1/message:send", json.dumps({"message": elsewhere}), **_authenticated())
    invoke("POST", "/v1/message:send", json.dumps({"message": message(role="ROLE_AGENT")}), **_authenticated())
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    first, second = [line for line in lines if line["message"] == "a call was rejected"]
    assert (first["error"], first["task_id"]) == ("InvalidParamsError", task["id"])
    assert (second["error"], second.get("task_id")) == ("InvalidParamsError", None)
    assert first["function_request_id"] == second["function_request_id"] == "request-1"
