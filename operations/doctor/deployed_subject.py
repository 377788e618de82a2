"""What is examined of a deployed stack: its functions' settings, with the secrets that your credentials may read."""

import os
import uuid
from collections.abc import Mapping
from typing import Any, Final

import jwt
from staff0.clock import Clock, utc_now
from staff0.secret_str import SecretStr
from staff0.signing import KmsRsaSigningKey

from operations.deployed_stack import Stack
from operations.doctor.subject import KEY, Application, Gemini, Subject
from operations.errors import OperationsError

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"  # RFC 7523 2.2
_ASSERTION_SECONDS = 60
ALIAS: Final = "live"  # template.yaml, AutoPublishAlias
_RELEASED: Final = ("CodeSha256", "Environment", "Layers")  # what differs between two versions

type Variables = Mapping[str, str]


def subject_of(stack: Stack) -> Subject:
    """Raises OperationsError, botocore's errors."""
    request, agent, hr_api, page = (
        _variables(stack, f"{name}Function") for name in ("RequestApproval", "Agent", "ReadEmployment", "EmployeePage")
    )
    issuer = request["AUTH0_ISSUER"]
    tenant_url = request.get("AUTH0_TENANT_URL") or issuer
    return Subject(
        issuer=issuer,
        tenant_url=tenant_url,
        has_custom_domain=tenant_url != issuer,
        hr_agent=_application(stack, "HR Agent", request, "HR_AGENT_AUTH0", issuer),
        directory=_application(stack, "HR Agent Directory", request, "DIRECTORY_AUTH0", tenant_url),
        caller=caller_of_environment(),
        agent_audience=agent["HR_AGENT_AUTH0_AUDIENCE"],
        hr_api_audience=request["HR_API_AUTH0_AUDIENCE"],
        known_endpoints={
            "token_endpoint": request.get("TOKEN_ENDPOINT", ""),
            "backchannel_authentication_endpoint": request.get("CIBA_ENDPOINT", ""),
            "jwks_uri": request.get("JWKS_URI", ""),
        },
        audience_parameter=request.get("AUDIENCE_PARAMETER", "audience"),
        login_hint_format=request.get("LOGIN_HINT_FORMAT", "iss_sub"),
        authorization_details=request.get("AUTHORIZATION_DETAILS") == "true",
        connections=tuple(filter(None, request.get("ALLOWED_CONNECTIONS", "").split(","))),
        page=Application.without_secret("Staff0 Employee Page", page["EMPLOYEE_PAGE_AUTH0_CLIENT_ID"]),
        page_url=page.get("EMPLOYEE_PAGE_BASE_URL") or stack.output("EmployeePageUrl"),
        gemini=_gemini(stack, agent),
        agent_url=agent.get("AGENT_BASE_URL") or stack.output("AgentUrl"),
        hr_api_url=hr_api.get("HR_API_BASE_URL") or stack.output("HrApiUrl"),
    )


def caller_of_environment() -> Application | None:
    """The caller whose credentials are in the environment."""
    client_id = os.environ.get("A2A_CLIENT_AUTH0_CLIENT_ID", "")
    secret = os.environ.get("A2A_CLIENT_AUTH0_CLIENT_SECRET", "")
    return Application.with_secret("the caller", client_id, SecretStr(secret)) if client_id and secret else None


def key_application(name: str, client_id: str, audience: str, key: KmsRsaSigningKey, clock: Clock) -> Application:
    """An application that proves itself by assertions of a KMS key (RFC 7523 3)."""

    def form_fields() -> dict[str, str]:
        now = int(clock().timestamp())
        claims = {"iss": client_id, "sub": client_id, "aud": audience, "jti": str(uuid.uuid4()), "iat": now}
        assertion = jwt.encode(claims | {"exp": now + _ASSERTION_SECONDS}, key, algorithm="RS256")
        return {"client_id": client_id, "client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}

    return Application(name, client_id, KEY, form_fields)


def _application(stack: Stack, name: str, variables: Variables, prefix: str, audience: str) -> Application:
    client_id = variables[f"{prefix}_CLIENT_ID"]
    if key_id := variables.get(f"{prefix}_CLIENT_KEY_ID"):
        key = KmsRsaSigningKey(lambda: stack.client("kms"), key_id)
        return key_application(name, client_id, audience, key, utc_now)
    return Application.with_secret(name, client_id, _secret(stack, variables[f"{prefix}_CLIENT_SECRET_ID"]))


def _gemini(stack: Stack, agent: Variables) -> Gemini | None:
    secret_id = agent.get("GEMINI_API_KEY_SECRET")
    if not secret_id:
        return None
    return Gemini(_secret(stack, secret_id), agent["GEMINI_MODEL"], agent.get("GEMINI_BASE_URL", ""))


def _secret(stack: Stack, secret_id: str) -> SecretStr:
    return SecretStr(stack.client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"])


def _variables(stack: Stack, logical_id: str) -> Variables:
    """The environment variables of one function of the stack, of the version that its callers reach.

    Raises OperationsError if a deployment has changed the function and not this version.
    """
    resource: Any = stack.client("cloudformation").describe_stack_resource(
        StackName=stack.name, LogicalResourceId=logical_id
    )["StackResourceDetail"]
    functions, name = stack.client("lambda"), resource["PhysicalResourceId"]
    newest, live = (
        functions.get_function_configuration(FunctionName=name, Qualifier=qualifier) for qualifier in ("$LATEST", ALIAS)
    )
    variables: Variables = live.get("Environment", {}).get("Variables", {})
    if not variables:
        raise OperationsError(f"{logical_id} of the stack {stack.name} has no settings: deploy it again.")
    if any(newest.get(part) != live.get(part) for part in _RELEASED):
        raise OperationsError(
            f"{logical_id} of the stack {stack.name} runs an older version than the one deployed last. If no "
            "deployment is under way, give the parameter Release another value and deploy again."
        )
    return variables
