"""Settings from environment variables, typed and frozen. No other module reads the environment.

Here are the parts that functions share. Each function composes its own model of them beside its handler, because
each cold start would pay for the models of all nine.
"""

import os
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from staff0.errors import SettingsError
from staff0.setting_types import Issuer, Name, OptionalUrl, Ports

AUTH0_DENIAL: Final = "The end-user denied the authorization request"  # also the text of CIBA Core 11


class Settings(BaseModel):
    # Errors name the variable and never its value. Only the model of the function is built.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, defer_build=True)


class IdentityProviderSettings(Settings):
    """`auth0_issuer` is the exact `iss` of the tokens. Endpoints that are not set come from its metadata."""

    auth0_issuer: Issuer
    auth0_base_url: OptionalUrl = ""
    jwks_uri: OptionalUrl = ""


class TokenEndpointSettings(Settings):
    token_endpoint: OptionalUrl = ""


class TasksSettings(Settings):
    tasks_table: Name
    task_retention_days: Annotated[int, Field(ge=1)] = 30


class AuditSettings(TasksSettings):
    audit_table: Name
    audit_retention_days: Annotated[int, Field(ge=1)] = 365


class CallersSettings(Settings):
    callers_table: Name


class ApprovalKeySettings(Settings):
    approval_key_id: Name


class WebhookSettings(Settings):
    """`loopback_webhooks` allows plain http to this machine, for a stack and its callers on one machine."""

    webhook_key_id: Name
    webhook_ports: Ports = "443"
    loopback_webhooks: bool = False

    @property
    def allowed_webhook_ports(self) -> frozenset[int]:
        return frozenset(map(int, self.webhook_ports.split(",")))


class WebhookSignatureSettings(Settings):
    webhook_signing_key_id: Name


def with_credential[S: Settings](settings: S, credential_id: str) -> S:
    """Raises ValueError without an id."""
    if not credential_id:
        raise ValueError("neither CLIENT_KEY_ID nor CLIENT_SECRET_ID is set")
    return settings


class HrAudienceSettings(Settings):
    hr_api_auth0_audience: Name


class AuthorizationDetailsSettings(Settings):
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
        return with_credential(self, self.hr_agent_auth0_client_key_id or self.hr_agent_auth0_client_secret_id)


class ExpirySettings(Settings):
    # Above 300 s Auth0 sends an e-mail instead of a push notification.
    requested_expiry_seconds: Annotated[int, Field(ge=30, le=300)] = 300


class PushLimitSettings(Settings):
    pushes_per_employee_per_hour: Annotated[int, Field(ge=1)] = 5
    pushes_per_employee_and_caller_per_hour: Annotated[int, Field(ge=1)] = 3
    pushes_per_caller_per_hour: Annotated[int, Field(ge=1)] = 100
    employees_per_caller_per_hour: Annotated[int, Field(ge=1)] = 30
    employees_per_caller_per_day: Annotated[int, Field(ge=1)] = 200


class CoolDownSettings(TasksSettings):
    """The length of the first cool-down. Each later one is twice as long."""

    cool_down_seconds: Annotated[int, Field(ge=0, le=86_400)] = 60


class PollRateSettings(Settings):
    """This system's share of the identity provider's rate limit, which the log-ins of employees use too."""

    tenant_polls_per_second: Annotated[int, Field(ge=1)] = 30


class PushRateSettings(Settings):
    tenant_pushes_per_second: Annotated[int, Field(ge=1)] = 5


class AttestationKeySettings(Settings):
    attestation_key_id: Name


class PairwiseKeySettings(Settings):
    pairwise_key_id: Name


class ChoicesSettings(Settings):
    choices_table: Name


class ConnectionsSettings(Settings):
    allowed_connections: str = ""

    @property
    def connections(self) -> tuple[str, ...]:
        """The names of the connections whose users are employees; empty for all."""
        return tuple(self.allowed_connections.split(",")) if self.allowed_connections else ()


class LimitsKeySettings(Settings):
    limits_key_id: Name


def load_settings[S: Settings](model: type[S]) -> S:
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
