"""The Lambda handler and the sample event of API Gateway."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from mangum import Mangum
from staff0.errors import SettingsError

from tests.support.lambda_context import FakeLambdaContext
from tests.support.sample_employee import fields
from tests.support.tokens import HR_AUDIENCE, ISSUER, employee_token

SETTINGS = {
    "AUTH0_ISSUER": ISSUER,
    "HR_API_AUTH0_AUDIENCE": HR_AUDIENCE,
    "EMPLOYEES_TABLE": "employees",
    "USED_APPROVALS_TABLE": "used-approvals",
    "HR_AGENT_AUTH0_CLIENT_ID": "ciba-client",
}


pytestmark = pytest.mark.usefixtures("event_loop")


@pytest.fixture
def event() -> dict[str, Any]:
    path = Path(__file__).parents[3] / "events/hr-api-employee.json"
    event: dict[str, Any] = json.loads(path.read_text())
    return event


def test_handler_answers_sample_event(event: dict[str, Any], aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    handler = importlib.import_module("hr_api.app").handler
    del event["headers"]["authorization"]
    answer = handler(event, FakeLambdaContext())
    assert answer["statusCode"] == 401
    domain = event["requestContext"]["domainName"]
    metadata = f"https://{domain}/.well-known/oauth-protected-resource/employees/auth0%7C"
    assert f'resource_metadata="{metadata}' in answer["headers"]["www-authenticate"]
    assert json.loads(answer["body"])["status"] == 401
    assert answer["isBase64Encoded"] is False
    assert handler({}, FakeLambdaContext())["statusCode"] == 400


@pytest.mark.parametrize("path", ["/employees/auth0|john", "/employees/auth0%7Cjohn"])
def test_id_with_bar_is_decoded_once(app: Any, event: dict[str, Any], path: str) -> None:
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["headers"]["authorization"] = f"Bearer {employee_token('auth0|john')}"
    handler: Any = Mangum(app, lifespan="off")
    answer = handler(event, FakeLambdaContext())
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == fields("name", "status")


def test_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from hr_api.hr_api_settings import HrApiSettings
    from staff0.settings import load_settings

    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsError, match="EMPLOYEES_TABLE"):
        load_settings(HrApiSettings)
