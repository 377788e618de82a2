"""Settings from environment variables, typed and frozen. No other module reads the environment.

Here are the parts that functions share. Each function composes its own model of them beside its handler, because
each cold start would pay for the models of all nine.
"""

import os
from typing import Annotated, Final, Literal, NoReturn, get_type_hints, override

from msgspec import Meta

from staff0.errors import SettingsError
from staff0.setting_types import Issuer, Name, OptionalUrl, Ports, read_setting

AUTH0_DENIAL: Final = "The end-user denied the authorization request"  # also the text of CIBA Core 11


class Settings:
    """A value for each annotated name. Only `load_settings` makes them, and nothing changes them."""

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"settings do not change: {name}")

    def check(self) -> None:
        """Raises ValueError if values do not fit together."""


class IdentityProviderSettings(Settings):
    """`auth0_issuer` is the exact `iss` of the tokens. Endpoints that are not set come from its metadata."""

    auth0_issuer: Issuer
    auth0_base_url: OptionalUrl = ""
    jwks_uri: OptionalUrl = ""


class TokenEndpointSettings(Settings):
    token_endpoint: OptionalUrl = ""


class TasksSettings(Settings):
    tasks_table: Name
    task_retention_days: Annotated[int, Meta(ge=1)] = 30


class AuditSettings(TasksSettings):
    audit_table: Name
    audit_retention_days: Annotated[int, Meta(ge=1)] = 365


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


def require_credential(application: str, credential_id: str) -> None:
    """Raises ValueError without an id."""
    if not credential_id:
        raise ValueError(f"{application}: neither CLIENT_KEY_ID nor CLIENT_SECRET_ID is set")


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

    @override
    def check(self) -> None:
        super().check()
        require_credential("HR_AGENT", self.hr_agent_auth0_client_key_id or self.hr_agent_auth0_client_secret_id)


class ExpirySettings(Settings):
    # Above 300 s Auth0 sends an e-mail instead of a push notification.
    requested_expiry_seconds: Annotated[int, Meta(ge=30, le=300)] = 300


class PushLimitSettings(Settings):
    pushes_per_employee_per_hour: Annotated[int, Meta(ge=1)] = 5
    pushes_per_employee_and_caller_per_hour: Annotated[int, Meta(ge=1)] = 3
    pushes_per_caller_per_hour: Annotated[int, Meta(ge=1)] = 100
    employees_per_caller_per_hour: Annotated[int, Meta(ge=1)] = 30
    employees_per_caller_per_day: Annotated[int, Meta(ge=1)] = 200


class CoolDownSettings(TasksSettings):
    """The length of the first cool-down. Each later one is twice as long."""

    cool_down_seconds: Annotated[int, Meta(ge=0, le=86_400)] = 60


class PollRateSettings(Settings):
    """This system's share of the identity provider's rate limit, which the log-ins of employees use too."""

    tenant_polls_per_second: Annotated[int, Meta(ge=1)] = 30


class PushRateSettings(Settings):
    tenant_pushes_per_second: Annotated[int, Meta(ge=1)] = 5


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
    settings, wrong = model(), list[str]()
    for name, kind in get_type_hints(model, include_extras=True).items():
        try:
            object.__setattr__(settings, name, _read(model, name, kind))
        except ValueError as error:
            wrong.append(f"{name.upper()}: {error}")
    if not wrong:
        wrong = _problems_of(settings)
    if wrong:
        raise SettingsError("; ".join(wrong))
    return settings


def _read(model: type[Settings], name: str, kind: object) -> object:
    text = os.environ.get(name.upper())
    if text is None and not hasattr(model, name):
        raise ValueError("is missing")
    return getattr(model, name) if text is None else read_setting(kind, text)


def _problems_of(settings: Settings) -> list[str]:
    try:
        settings.check()
    except ValueError as error:
        return [str(error)]
    return []
