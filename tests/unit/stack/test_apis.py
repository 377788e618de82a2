"""The HTTP APIs: tokens, throttling, access logs and timeouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from employee_page.log_in_routes import LogInRoutes
from employee_page.overview_routes import OverviewRoutes
from hr_agent.http import cors
from hr_agent.http.public_paths import DOCUMENTS, PUBLIC_PATHS
from staff0.protected_resource import WELL_KNOWN

from tests.support.stack_template import PROJECT

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


@pytest.mark.parametrize(
    ("function", "documents"), [("AgentFunction", PUBLIC_PATHS), ("HrApiFunction", frozenset[str]())]
)
def test_only_public_documents_need_no_token(stack: Stack, function: str, documents: frozenset[str]) -> None:
    events = [event["Properties"] for event in stack.functions[function]["Events"].values()]
    public = [event for event in events if "Auth" in event]
    routes = {(event["Method"], event["Path"]) for event in public}
    served = {"/docs/{proxy+}" if path in DOCUMENTS else path for path in documents}
    paths = {*served, WELL_KNOWN, f"{WELL_KNOWN}/{{proxy+}}"}
    preflights = {("OPTIONS", "/{proxy+}")} if function == "AgentFunction" else set()  # a browser's has no token
    assert routes == {(method, path) for method in ("GET", "HEAD") for path in paths} | preflights  # RFC 9110 9.1


def test_api_gateway_allows_pages_what_the_agent_allows(stack: Stack) -> None:
    """Only if the operator names origins: API Gateway ignores the agent's own headers then."""
    condition, allowed, otherwise = stack.properties("AgentApi")["CorsConfiguration"]["Fn::If"]
    assert (condition, otherwise) == ("HasCorsOrigins", {"Ref": "AWS::NoValue"})
    assert stack.template["Conditions"][condition] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "CorsAllowedOrigins"}, ""]}]}
    assert stack.template["Parameters"]["CorsAllowedOrigins"]["Default"] == ""
    assert allowed == {
        "AllowOrigins": {"Fn::Split": [",", {"Ref": "CorsAllowedOrigins"}]},
        "AllowMethods": list(cors.METHODS),
        "AllowHeaders": list(cors.REQUEST_HEADERS),
        "ExposeHeaders": list(cors.RESPONSE_HEADERS),
        "MaxAge": cors.MAX_AGE_SECONDS,
    }


def test_hr_api_is_for_no_page(stack: Stack) -> None:
    assert "CorsConfiguration" not in stack.properties("HrApi")


def test_employees_page_takes_no_token_and_has_an_api_of_its_own(stack: Stack) -> None:
    """A browser sends its cookie to this origin only. Each route is named, so that other paths cost no invocation."""
    assert "Auth" not in stack.properties("EmployeePageApi")
    events = {name: function.get("Events", {}) for name, function in stack.functions.items()}
    here = {
        (name, event["Properties"]["Method"], event["Properties"]["Path"])
        for name, given in events.items()
        for event in given.values()
        if event["Properties"]["ApiId"] == {"Ref": "EmployeePageApi"}
    }
    assert here == {("EmployeePageFunction", "ANY", path) for path in _paths_of_the_page()}
    assert len(events["EmployeePageFunction"]) == len(here)


def _paths_of_the_page() -> set[str]:
    """The routes of the application itself."""
    none_needed: Any = None
    return {route.path for route in [*OverviewRoutes(none_needed).routes, *LogInRoutes(none_needed).routes]}


@pytest.mark.parametrize(
    ("api", "name"), [("AgentApi", "Agent"), ("HrApi", "HrApi"), ("EmployeePageApi", "EmployeePage")]
)
def test_requests_are_throttled_and_logged(stack: Stack, api: str, name: str) -> None:
    properties = stack.properties(api)
    throttle = {"ThrottlingRateLimit": f"{name}RequestsPerSecond", "ThrottlingBurstLimit": f"{name}RequestBurst"}
    assert {key: properties["DefaultRouteSettings"][key] for key in throttle} == {
        key: {"Ref": parameter} for key, parameter in throttle.items()
    }
    assert all(stack.template["Parameters"][parameter]["MinValue"] > 0 for parameter in throttle.values())
    assert properties["DefaultRouteSettings"]["DetailedMetricsEnabled"]
    assert "$context.status" in properties["AccessLogSettings"]["Format"]


@pytest.mark.parametrize("api", [*APIS, "EmployeePageApi"])
def test_access_log_has_no_path_and_no_claims(stack: Stack, api: str) -> None:
    logged = stack.properties(api)["AccessLogSettings"]["Format"]
    # The path contains the employee's id. The claims may contain personal data.
    assert not [field for field in ("$context.path", "claims", "$context.authorizer.jwt") if field in logged]


def test_function_times_out_before_its_api(stack: Stack) -> None:
    behind = {name: f["Timeout"] for name, f in stack.functions.items() if "Events" in f}
    assert set(behind) == {"AgentFunction", "HrApiFunction", "EmployeePageFunction"}
    assert max(behind.values()) < HTTP_API_TIMEOUT_SECONDS


def test_operator_can_limit_the_agents_that_run_at_once(stack: Stack) -> None:
    """A flood at the agent would take the concurrent executions of the workflow's functions."""
    limit = {"Fn::If": ["LimitsAgents", {"Ref": "AgentReservedConcurrency"}, {"Ref": "AWS::NoValue"}]}
    assert stack.functions["AgentFunction"]["ReservedConcurrentExecutions"] == limit
    assert (
        stack.template["Parameters"]["AgentReservedConcurrency"]["Default"] == 0
    )  # a small account has none to reserve


@pytest.mark.parametrize("parameter", ["RequestsPerSecond", "RequestBurst"])
def test_guards_of_the_apis_are_on_the_check_list(stack: Stack, parameter: str) -> None:
    steps = (PROJECT / "docs/operations.md").read_text().partition("### Before production")[2].partition("\n### ")[0]
    assert f"Agent{parameter}" in stack.template["Parameters"]
    assert f"HrApi{parameter}" in stack.template["Parameters"]
    assert f"EmployeePage{parameter}" in stack.template["Parameters"]
    for step in (
        "AgentReservedConcurrency",
        "AgentRequestsPerSecond",
        "HrApiRequestsPerSecond",
        "EmployeePageRequestsPerSecond",
        "AWS WAF",
        "Usage plans",
    ):
        assert step in steps
