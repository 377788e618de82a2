"""Values for the template's parameters on this machine."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from local.cli import client_secrets
from local.cli.architecture import host_architecture

if TYPE_CHECKING:
    from local.cli.settings import LocalSettings

# The defaults of template.yaml. All are given, because sam keeps the previous value of a parameter that is not.
PRODUCTION_LIMITS: Final = {
    "RequestedExpirySeconds": "300",
    "PushesPerEmployeePerHour": "5",
    "PushesPerEmployeeAndCallerPerHour": "3",
    "PushesPerCallerPerHour": "100",
    "EmployeesPerCallerPerHour": "30",
    "EmployeesPerCallerPerDay": "200",
    "CoolDownSeconds": "60",
    "TenantPushesPerSecond": "5",
    "TenantPollsPerSecond": "30",
}
# With the stand-in a developer asks about the same few employees all day, and no phone of a person rings.
_STAND_IN_LIMITS: Final = {
    "RequestedExpirySeconds": "60",
    "PushesPerEmployeePerHour": "100",
    "PushesPerEmployeeAndCallerPerHour": "100",
    "PushesPerCallerPerHour": "10000",
    "EmployeesPerCallerPerHour": "10000",
    "EmployeesPerCallerPerDay": "100000",
    "CoolDownSeconds": "1",
    "TenantPushesPerSecond": "1000",  # the stand-in has no limit for all users together
    "TenantPollsPerSecond": "30",
}


def stack_parameters(settings: LocalSettings) -> dict[str, str]:
    """Parameter name to value, with the client secrets: keep it out of command lines and logs.

    The release is a hash of the other values, so that the functions take each change of them.
    """
    parameters = _parameters_of_functions(settings)
    return {"Release": hashlib.sha256(json.dumps(parameters).encode()).hexdigest()[:16], **parameters}


def _parameters_of_functions(settings: LocalSettings) -> dict[str, str]:
    clients = client_secrets.configured_clients(settings)
    return {
        "Architecture": host_architecture(),
        "Auth0Issuer": settings.issuer,
        "Auth0TenantUrl": settings.tenant_url,
        "TokenEndpoint": settings.token_endpoint,
        "CibaEndpoint": settings.ciba_endpoint,
        "JwksUri": settings.jwks_uri,
        "AudienceParameter": settings.audience_parameter,
        "LoginHintFormat": settings.login_hint_format,
        "DenialDescription": settings.denial_description,
        "AuthorizationDetails": str(settings.names_facts).lower(),
        "CibaClientId": clients[client_secrets.HR_AGENT]["client_id"],
        "DirectoryClientId": clients[client_secrets.DIRECTORY]["client_id"],
        "EmployeePageClientId": clients[client_secrets.EMPLOYEE_PAGE]["client_id"],
        "ClientAuthentication": settings.client_authentication,
        **({} if settings.has_client_keys else _secret_parameters(clients)),
        "AllowedConnections": settings.allowed_connections,
        "AgentAudience": settings.hr_agent_auth0_audience,
        "HrApiAudience": settings.hr_api_auth0_audience,
        **_limits(settings),
        "AgentBaseUrl": settings.agent_url,
        "HrApiBaseUrl": settings.hr_api_url,
        "EmployeePageBaseUrl": settings.employee_page_url,
        "AwsEndpointUrl": settings.aws_url,
        "GeminiModel": settings.gemini_model,
        "LoopbackWebhooks": "true",
        "TableDeletionProtection": "false",  # `make down` forgets the tables in any case
        "StreamWindowSeconds": "3",  # short, so that a developer sees a stream end and subscribes again
        **({"GeminiApiKey": settings.model_api_key.get_secret_value()} if settings.model_api_key else {}),
    }


def _limits(settings: LocalSettings) -> dict[str, str]:
    own = {
        "RequestedExpirySeconds": settings.requested_expiry_seconds,
        "TenantPollsPerSecond": settings.tenant_polls_per_second,
        "TenantPushesPerSecond": settings.tenant_pushes_per_second,
    }
    limits = PRODUCTION_LIMITS if settings.uses_auth0 else _STAND_IN_LIMITS
    return limits | {name: str(value) for name, value in own.items() if value}


def _secret_parameters(clients: client_secrets.Clients) -> dict[str, str]:
    return {
        "CibaClientSecret": clients[client_secrets.HR_AGENT]["client_secret"],
        "DirectoryClientSecret": clients[client_secrets.DIRECTORY]["client_secret"],
    }
