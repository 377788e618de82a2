"""Settings of each function from its environment variables, typed and frozen. No other module reads the environment."""

import os
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, Json, ValidationError, model_validator

from staff0.errors import SettingsError
from staff0.setting_types import Issuer, Name, OptionalUrl, Origins, Ports, RetiredKey, Url

AUTH0_DENIAL: Final = "The end-user denied the authorization request"  # also the text of CIBA Core 11


class _Settings(BaseModel):
    # Errors name the variable and never its value. A function uses one model, so the others are not built.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, defer_build=True)


class IdentityProviderSettings(_Settings):
    """`auth0_issuer` is the exact `iss` of the tokens. Endpoints that are not set come from its metadata."""

    auth0_issuer: Issuer
    auth0_base_url: OptionalUrl = ""
    jwks_uri: OptionalUrl = ""


class TokenEndpointSettings(_Settings):
    token_endpoint: OptionalUrl = ""


class TasksSettings(_Settings):
    tasks_table: Name
    task_retention_days: Annotated[int, Field(ge=1)] = 30


class AuditSettings(TasksSettings):
    audit_table: Name
    audit_retention_days: Annotated[int, Field(ge=1)] = 365


class CallersSettings(_Settings):
    callers_table: Name


class ApprovalKeySettings(_Settings):
    approval_key_id: Name


class WebhookSettings(_Settings):
    """`loopback_webhooks` allows plain http to this machine, for a stack and its callers on one machine."""

    webhook_key_id: Name
    webhook_ports: Ports = "443"
    loopback_webhooks: bool = False

    @property
    def allowed_webhook_ports(self) -> frozenset[int]:
        return frozenset(map(int, self.webhook_ports.split(",")))


class WebhookSignatureSettings(_Settings):
    webhook_signing_key_id: Name


def _with_credential[S: _Settings](settings: S, credential_id: str) -> S:
    if not credential_id:
        raise ValueError("neither CLIENT_KEY_ID nor CLIENT_SECRET_ID is set")
    return settings


class HrAudienceSettings(_Settings):
    hr_api_auth0_audience: Name


class AuthorizationDetailsSettings(_Settings):
    """Whether an approval names its facts, and the identity provider puts them into the token (RFC 9396)."""

    authorization_details: bool = False


class CibaSettings(IdentityProviderSettings, TokenEndpointSettings, HrAudienceSettings):
    """The client authenticates with a KMS key (private_key_jwt) if set, else with a secret of Secrets Manager.

    `audience_parameter` names the API in a request: Auth0's `audience`, or `resource` (RFC 8707). The login hint is
    Auth0's JSON object (iss_sub) or the user's id alone (sub). `denial_description` is how the `error_description` of
    access_denied begins when the employee refused.
    """

    ciba_endpoint: OptionalUrl = ""
    audience_parameter: Literal["audience", "resource"] = "audience"
    login_hint_format: Literal["iss_sub", "sub"] = "iss_sub"
    hr_agent_auth0_client_id: Name
    hr_agent_auth0_client_secret_id: str = ""
    hr_agent_auth0_client_key_id: str = ""
    denial_description: Name = AUTH0_DENIAL

    @model_validator(mode="after")
    def _has_credential(self) -> Self:
        return _with_credential(self, self.hr_agent_auth0_client_key_id or self.hr_agent_auth0_client_secret_id)


class ExpirySettings(_Settings):
    # Above 300 s Auth0 sends an e-mail instead of a push notification.
    requested_expiry_seconds: Annotated[int, Field(ge=30, le=300)] = 300


class PushLimitSettings(_Settings):
    pushes_per_employee_per_hour: Annotated[int, Field(ge=1)] = 5
    pushes_per_employee_and_caller_per_hour: Annotated[int, Field(ge=1)] = 3
    pushes_per_caller_per_hour: Annotated[int, Field(ge=1)] = 100
    employees_per_caller_per_hour: Annotated[int, Field(ge=1)] = 30
    employees_per_caller_per_day: Annotated[int, Field(ge=1)] = 200


class CoolDownSettings(TasksSettings):
    """The length of the first cool-down. Each later one is twice as long."""

    cool_down_seconds: Annotated[int, Field(ge=0, le=86_400)] = 60


class PollRateSettings(_Settings):
    """This system's share of the identity provider's rate limit, which the log-ins of employees use too."""

    tenant_polls_per_second: Annotated[int, Field(ge=1)] = 30


class PushRateSettings(_Settings):
    tenant_pushes_per_second: Annotated[int, Field(ge=1)] = 5


class AttestationKeySettings(_Settings):
    attestation_key_id: Name


class PairwiseKeySettings(_Settings):
    pairwise_key_id: Name


class ChoicesSettings(_Settings):
    choices_table: Name


class ConnectionsSettings(_Settings):
    allowed_connections: str = ""

    @property
    def connections(self) -> tuple[str, ...]:
        """The names of the connections whose users are employees; empty for all."""
        return tuple(self.allowed_connections.split(",")) if self.allowed_connections else ()


class LimitsKeySettings(_Settings):
    limits_key_id: Name


class AgentSettings(
    IdentityProviderSettings,
    TokenEndpointSettings,
    AuditSettings,
    CoolDownSettings,
    CallersSettings,
    ExpirySettings,
    WebhookSettings,
    PushLimitSettings,
    LimitsKeySettings,
    AttestationKeySettings,
    WebhookSignatureSettings,
):
    hr_agent_auth0_audience: Name
    state_machine_arn: Name
    agent_base_url: OptionalUrl = ""
    # An HTTP API gives up after 30 s, which include a cold start.
    stream_window_seconds: Annotated[int, Field(ge=1, le=25)] = 20
    card_key_id: Name
    retired_keys: Json[tuple[RetiredKey, ...]] = ()
    required_extensions: str = ""
    cors_allowed_origins: Origins = ""
    gemini_model: Name = "gemini-3.5-flash-lite"
    gemini_api_key_secret: str = ""
    gemini_base_url: OptionalUrl = ""

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        return tuple(self.cors_allowed_origins.split(",")) if self.cors_allowed_origins else ()


class HrApiSettings(IdentityProviderSettings, HrAudienceSettings, AuthorizationDetailsSettings):
    employees_table: Name
    used_approvals_table: Name
    hr_agent_auth0_client_id: Name
    hr_api_base_url: OptionalUrl = ""


class RequestApprovalSettings(
    CibaSettings,
    AuditSettings,
    CoolDownSettings,
    CallersSettings,
    ApprovalKeySettings,
    ExpirySettings,
    PairwiseKeySettings,
    ChoicesSettings,
    ConnectionsSettings,
    LimitsKeySettings,
    PushLimitSettings,
    PushRateSettings,
    PollRateSettings,
    AuthorizationDetailsSettings,
):
    """`auth0_tenant_url` is the tenant's own URL, where the issuer is a custom domain."""

    auth0_tenant_url: OptionalUrl = ""
    directory_auth0_client_id: Name
    directory_auth0_client_secret_id: str = ""
    directory_auth0_client_key_id: str = ""

    @model_validator(mode="after")
    def _has_directory_credential(self) -> Self:
        return _with_credential(self, self.directory_auth0_client_key_id or self.directory_auth0_client_secret_id)


class EmployeePageSettings(
    IdentityProviderSettings, TokenEndpointSettings, PairwiseKeySettings, ChoicesSettings, ConnectionsSettings
):
    """`employee_page_base_url` is the page's address if it is not the one of API Gateway."""

    audit_table: Name
    sessions_table: Name
    employee_page_auth0_client_id: Name
    employee_page_base_url: OptionalUrl = ""


class PollApprovalSettings(CibaSettings, AuditSettings, CoolDownSettings, ApprovalKeySettings, PollRateSettings):
    pass


class ReadEmploymentSettings(
    AuditSettings, CallersSettings, ApprovalKeySettings, AttestationKeySettings, PairwiseKeySettings
):
    hr_api_base_url: Url
    attestation_days: Annotated[int, Field(ge=1)] = 30


class FailTaskSettings(AuditSettings, CoolDownSettings):
    pass


class FanOutSettings(TasksSettings):
    deliveries_queue_url: Url


class DeliverSettings(TasksSettings, CallersSettings, WebhookSettings, WebhookSignatureSettings):
    deliveries_queue_url: Url
    undelivered_queue_url: Url


def load_settings[S: _Settings](model: type[S]) -> S:
    """The settings of one function, from its environment variables.

    Raises SettingsError, which names each variable that is missing or wrong, without its value.
    """
    # pydantic-settings would do the same, and read files and arguments too: for one line, 20 ms of each cold start.
    variables = {name.lower(): value for name, value in os.environ.items()}
    try:
        return model.model_validate(variables)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(wrong) from None
