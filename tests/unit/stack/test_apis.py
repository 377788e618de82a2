"""The HTTP APIs: tokens, throttling, access logs and timeouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hr_agent.http.public_paths import PUBLIC_PATHS

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

APIS = {"AgentApi": ("read:employee_status", "AgentAudience"), "HrApi": ("read:employee", "HrApiAudience")}
HTTP_API_TIMEOUT_SECONDS = 30


@pytest.mark.parametrize("api", APIS)
def test_routes_require_token_with_audience_and_scope(stack: Stack, api: str) -> None:
    auth = stack.properties(api)["Auth"]
    authorizer = auth["Authorizers"][auth["DefaultAuthorizer"]]
    scope, audience = APIS[api]
    assert authorizer["AuthorizationScopes"] == [scope]
    assert authorizer["JwtConfiguration"] == {"issuer": {"Ref": "Auth0Issuer"}, "audience": [{"Ref": audience}]}


def test_only_cards_and_keys_need_no_token(stack: Stack) -> None:
    events = [event["Properties"] for f in stack.functions.values() for event in f.get("Events", {}).values()]
    public = [event for event in events if "Auth" in event]
    routes = {(event["Method"], event["Path"]) for event in public}
    assert routes == {(method, path) for method in ("GET", "HEAD") for path in PUBLIC_PATHS}  # RFC 9110 9.1


@pytest.mark.parametrize("api", APIS)
def test_requests_are_throttled_and_logged(stack: Stack, api: str) -> None:
    properties = stack.properties(api)
    assert properties["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert properties["DefaultRouteSettings"]["ThrottlingBurstLimit"] > 0
    assert properties["DefaultRouteSettings"]["DetailedMetricsEnabled"]
    assert "$context.status" in properties["AccessLogSettings"]["Format"]


@pytest.mark.parametrize("api", APIS)
def test_access_log_has_no_path_and_no_claims(stack: Stack, api: str) -> None:
    logged = stack.properties(api)["AccessLogSettings"]["Format"]
    # The path contains the employee's id. The claims may contain personal data.
    assert not [field for field in ("$context.path", "claims", "$context.authorizer.jwt") if field in logged]


def test_function_times_out_before_its_api(stack: Stack) -> None:
    behind = {name: f["Timeout"] for name, f in stack.functions.items() if "Events" in f}
    assert set(behind) == {"AgentFunction", "HrApiFunction"}
    assert max(behind.values()) < HTTP_API_TIMEOUT_SECONDS
