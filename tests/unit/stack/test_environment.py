"""Each function gets exactly the settings that it parses, and wrong parameters never reach it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from approval.fail_task import FailTaskSettings
from approval.poll_approval import PollApprovalSettings
from approval.read_employment import ReadEmploymentSettings
from approval.request_approval_settings import RequestApprovalSettings
from employee_page.page_settings import EmployeePageSettings
from hr_agent.agent_settings import AgentSettings
from hr_api.hr_api_settings import HrApiSettings
from notifier.deliver import DeliverSettings
from notifier.fan_out import FanOutSettings
from staff0.setting_types import Origins, Ports, read_setting

if TYPE_CHECKING:
    from staff0.settings import Settings

    from tests.support.stack_template import Stack

SETTINGS: dict[str, type[Settings]] = {
    "AgentFunction": AgentSettings,
    "HrApiFunction": HrApiSettings,
    "EmployeePageFunction": EmployeePageSettings,
    "RequestApprovalFunction": RequestApprovalSettings,
    "PollApprovalFunction": PollApprovalSettings,
    "ReadEmploymentFunction": ReadEmploymentSettings,
    "FailTaskFunction": FailTaskSettings,
    "FanOutFunction": FanOutSettings,
    "DeliverFunction": DeliverSettings,
}
# Libraries read them. No code reads RELEASE: it makes two versions of a function differ.
NO_SETTINGS = re.compile(r"^(POWERTOOLS_|OTEL_|AWS_ENDPOINT_URL$|RELEASE$)")


@pytest.mark.parametrize(("function", "model"), SETTINGS.items())
def test_function_gets_exactly_its_settings(stack: Stack, function: str, model: type[Settings]) -> None:
    given = {name for name in stack.environment(function) if not NO_SETTINGS.match(name)}
    assert given == {name.upper() for name in get_type_hints(model)}


def accepts(stack: Stack, parameter: str, value: str) -> bool:
    pattern = stack.template["Parameters"][parameter]["AllowedPattern"]
    return re.fullmatch(pattern, value) is not None


def is_valid(kind: Any, value: str) -> bool:
    """Whether the functions take the value, as it is, for a setting of this type."""
    try:
        return bool(read_setting(kind, value) == value)
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("issuer", "accepted"),
    [
        ("https://staff0.eu.auth0.com/", True),
        ("http://127.0.0.1:10052/", True),
        ("http://host.docker.internal:10052/", True),
        ("https://staff0.eu.auth0.com", True),  # the issuer of another identity provider
        ("https://idp.example/realms/staff0", True),
        ("https://idp.example/?realm=staff0", False),
        ("http://staff0.eu.auth0.com/", False),
        ("http://127.0.0.1.example.com/", False),
        ("https://idp.example/realms staff0", False),
    ],
)
def test_issuer_must_be_a_url(stack: Stack, issuer: str, accepted: bool) -> None:
    assert accepts(stack, "Auth0Issuer", issuer) is accepted


def test_retired_keys_must_be_a_json_array(stack: Stack) -> None:
    assert accepts(stack, "RetiredKeys", '[{"kty": "EC"}]')
    assert not accepts(stack, "RetiredKeys", '{"kty": "EC"}')


@pytest.mark.parametrize(
    ("uris", "accepted"),
    [
        ("", True),
        ("https://staff0/a2a/attestation/v1", True),
        ("https://staff0/a2a/attestation/v1,https://staff0/a2a/terms/v1", True),
        ("attestation", False),
        ("https://staff0/a2a/attestation/v1, https://staff0/a2a/terms/v1", False),
    ],
)
def test_required_extensions_must_be_uris_without_spaces(stack: Stack, uris: str, accepted: bool) -> None:
    assert accepts(stack, "RequiredExtensions", uris) is accepted


@pytest.mark.parametrize(
    ("origins", "accepted"),
    [
        ("", True),
        ("https://app.example", True),
        ("https://app.example:8443,http://localhost:3000,http://127.0.0.1:8080", True),
        ("*", False),
        ("null", False),
        ("https://app.example/", False),  # a browser sends no slash
        ("https://app.example/page", False),
        ("https://App.example", False),
        ("http://app.example", False),
        ("https://app.example, https://b.example", False),
        ("https://app.example,", False),
        (",https://app.example", False),
        ("https://app.examplehttps://b.example", False),
    ],
)
def test_origins_must_be_as_browsers_send_them(stack: Stack, origins: str, accepted: bool) -> None:
    """The template and the function agree, so that a wrong origin ends the deployment and not the function."""
    assert accepts(stack, "CorsAllowedOrigins", origins) is accepted
    assert is_valid(Origins, origins) is accepted


@pytest.mark.parametrize(
    ("ports", "accepted"),
    [
        ("443", True),
        ("443,8443,65535", True),
        ("", False),
        ("0", False),
        ("65536", False),
        ("443, 8443", False),
        ("443,", False),
        (",443", False),
        ("https", False),
    ],
)
def test_ports_must_be_numbers_without_spaces(stack: Stack, ports: str, accepted: bool) -> None:
    assert accepts(stack, "WebhookPorts", ports) is accepted
    assert is_valid(Ports, ports) is accepted


def test_expiry_is_short_enough_for_a_push(stack: Stack) -> None:
    expiry = stack.template["Parameters"]["RequestedExpirySeconds"]
    assert (expiry["MinValue"], expiry["MaxValue"]) == (30, 300)


def test_each_parameter_is_in_one_group(stack: Stack) -> None:
    groups = stack.template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(stack.template["Parameters"])
