"""The doctor of a deployed stack: what it examines, and its exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import jwt
import pytest

from operations import deployed_stack
from operations.command_line import main
from operations.doctor.deployed_subject import subject_of
from operations.errors import OperationsError
from tests.support.dummy_credentials import REGION

if TYPE_CHECKING:
    from operations.doctor.subject import Application

ISSUER = "http://127.0.0.1:9/"  # the discard port, on which no process listens
TENANT = "https://staff0.eu.auth0.com/"
CALLER = {"A2A_CLIENT_AUTH0_CLIENT_ID": "acme", "A2A_CLIENT_AUTH0_CLIENT_SECRET": "acme-secret"}
FUNCTIONS = {
    "RequestApprovalFunction": {
        "AUTH0_ISSUER": ISSUER,
        "AUTH0_TENANT_URL": TENANT,
        "TOKEN_ENDPOINT": "http://127.0.0.1:9/token",
        "HR_API_AUTH0_AUDIENCE": "https://staff0/api",
        "HR_AGENT_AUTH0_CLIENT_ID": "hr-agent",
        "HR_AGENT_AUTH0_CLIENT_SECRET_ID": "ciba",
        "DIRECTORY_AUTH0_CLIENT_ID": "directory",
        "DIRECTORY_AUTH0_CLIENT_SECRET_ID": "directory",
    },
    "AgentFunction": {
        "HR_AGENT_AUTH0_AUDIENCE": "https://staff0/agent",
        "GEMINI_MODEL": "gemini-3.5-flash-lite",
        "GEMINI_API_KEY_SECRET": "gemini",
        "GEMINI_BASE_URL": "http://127.0.0.1:9",
    },
    "EmployeePageFunction": {"EMPLOYEE_PAGE_AUTH0_CLIENT_ID": "page", "EMPLOYEE_PAGE_BASE_URL": ""},
    "ReadEmploymentFunction": {"HR_API_BASE_URL": "http://127.0.0.1:9"},
}


@dataclass
class CloudFormationAndLambda:
    """The two calls that find a function's environment variables. `newest` are those that no version has yet."""

    functions: dict[str, dict[str, str]]
    newest: dict[str, dict[str, str]]

    def describe_stack_resource(self, *, StackName: str, LogicalResourceId: str) -> dict[str, Any]:  # noqa: N803
        return {"StackResourceDetail": {"PhysicalResourceId": f"{StackName}-{LogicalResourceId}"}}

    def get_function_configuration(self, *, FunctionName: str, Qualifier: str) -> dict[str, Any]:  # noqa: N803
        name = FunctionName.partition("-")[2]
        variables = {"live": self.functions, "$LATEST": self.functions | self.newest}[Qualifier][name]
        return {"Environment": {"Variables": variables}}


@dataclass(frozen=True)
class FakeStack(deployed_stack.Stack):
    functions: dict[str, dict[str, str]] = field(default_factory=dict)
    newest: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        if service in {"cloudformation", "lambda"}:
            return CloudFormationAndLambda(self.functions, self.newest)
        return self.session.client(service)  # type: ignore[call-overload]


@pytest.fixture
def stack(aws: None, session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> FakeStack:
    secrets = boto3.client("secretsmanager", region_name=REGION)
    for name in ("ciba", "directory", "gemini"):
        secrets.create_secret(Name=name, SecretString=f"{name}-secret")
    for name in CALLER:
        monkeypatch.delenv(name, raising=False)
    stack = FakeStack("staff0", session, functions={name: dict(values) for name, values in FUNCTIONS.items()})
    stack.__dict__["outputs"] = {"AgentUrl": "http://127.0.0.1:9", "EmployeePageUrl": "https://page.example"}
    return stack


def secret_of(application: Application) -> str:
    return application.form_fields()["client_secret"]


def test_subject_has_the_settings_and_secrets_of_the_functions(stack: FakeStack) -> None:
    subject = subject_of(stack)
    assert (subject.issuer, subject.tenant_url, subject.has_custom_domain) == (ISSUER, TENANT, True)
    assert subject.known_endpoints["token_endpoint"] == "http://127.0.0.1:9/token"
    assert (secret_of(subject.hr_agent), secret_of(subject.directory)) == ("ciba-secret", "directory-secret")
    assert subject.gemini is not None
    assert subject.gemini.api_key.get_secret_value() == "gemini-secret"
    assert subject.caller is None
    assert subject.page is not None
    assert (subject.page.form_fields(), subject.page_url) == ({"client_id": "page"}, "https://page.example")
    assert "secret" not in str(subject.gemini)


def test_caller_is_that_of_the_environment(stack: FakeStack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CALLER.items():
        monkeypatch.setenv(name, value)
    caller = subject_of(stack).caller
    assert caller is not None
    assert secret_of(caller) == "acme-secret"


def test_application_with_a_key_signs_by_kms(stack: FakeStack) -> None:
    key = boto3.client("kms", region_name=REGION).create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    stack.functions["RequestApprovalFunction"]["DIRECTORY_AUTH0_CLIENT_KEY_ID"] = key["KeyMetadata"]["KeyId"]
    fields = subject_of(stack).directory.form_fields()
    claims = jwt.decode(fields["client_assertion"], options={"verify_signature": False})
    assert (claims["sub"], claims["aud"]) == ("directory", TENANT)


def test_function_without_settings_is_an_error(stack: FakeStack) -> None:
    stack.functions["AgentFunction"] = {}
    with pytest.raises(OperationsError, match="AgentFunction of the stack staff0 has no settings"):
        subject_of(stack)


def test_parameter_that_no_version_has_taken_is_an_error(stack: FakeStack) -> None:
    """SAM publishes no version if only the value of a parameter has changed: the callers would reach the older one."""
    stack.newest["AgentFunction"] = {**FUNCTIONS["AgentFunction"], "GEMINI_MODEL": "gemini-next"}
    with pytest.raises(OperationsError, match=r"AgentFunction of the stack staff0 runs an older version.* Release"):
        subject_of(stack)


def test_exit_code_is_1_if_a_check_fails(
    stack: FakeStack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deployed_stack, "find", lambda _name, _region: stack)
    assert main(["--stack-name", "staff0", "doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ok     1 settings      those of the stack staff0"
    assert lines[1].startswith(f"FAIL   2 metadata      no answer from {urlsplit(ISSUER).hostname}: ConnectError ->")
    assert [line.split()[1] for line in lines[:-1]] == [str(number) for number in range(1, 14)]
    assert "employee      name one: --employee ADDRESS" in lines[7]
