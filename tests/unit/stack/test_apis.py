"""Who may call what from the internet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hr_agent.http.public_paths import PUBLIC_PATHS

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

APIS = {"AgentApi": ("read:employee_status", "AgentAudience"), "HrApi": ("read:employee", "HrApiAudience")}
HTTP_API_GIVES_UP_AFTER_SECONDS = 30


@pytest.mark.parametrize("api", APIS)
def test_a_token_of_the_tenant_with_audience_and_scope_is_the_default(stack: Stack, api: str) -> None:
    auth = stack.properties(api)["Auth"]
    authorizer = auth["Authorizers"][auth["DefaultAuthorizer"]]
    scope, audience = APIS[api]
    assert authorizer["AuthorizationScopes"] == [scope]
    assert authorizer["JwtConfiguration"] == {"issuer": {"Ref": "Auth0Issuer"}, "audience": [{"Ref": audience}]}


def test_cards_and_keys_are_the_only_routes_without_a_token(stack: Stack) -> None:
    events = [event["Properties"] for f in stack.functions.values() for event in f.get("Events", {}).values()]
    unguarded = [event for event in events if "Auth" in event]
    assert {(event["Method"], event["Path"]) for event in unguarded} == {("GET", path) for path in PUBLIC_PATHS}


@pytest.mark.parametrize("api", APIS)
def test_a_flood_is_throttled_and_seen(stack: Stack, api: str) -> None:
    properties = stack.properties(api)
    assert properties["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert properties["DefaultRouteSettings"]["ThrottlingBurstLimit"] > 0
    assert properties["DefaultRouteSettings"]["DetailedMetricsEnabled"]
    assert "$context.status" in properties["AccessLogSettings"]["Format"]


@pytest.mark.parametrize("api", APIS)
def test_access_logs_name_no_employee_and_no_token(stack: Stack, api: str) -> None:
    logged = stack.properties(api)["AccessLogSettings"]["Format"]
    # The path carries the employee's id, the claims whatever the tenant puts in a token.
    assert not [field for field in ("$context.path", "claims", "$context.authorizer.jwt") if field in logged]


def test_a_function_behind_an_api_ends_before_the_api_gives_up(stack: Stack) -> None:
    behind = {name: f["Timeout"] for name, f in stack.functions.items() if "Events" in f}
    assert set(behind) == {"AgentFunction", "HrApiFunction"}
    assert max(behind.values()) < HTTP_API_GIVES_UP_AFTER_SECONDS
