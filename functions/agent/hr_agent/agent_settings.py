"""The settings of the agent."""

from typing import Annotated

from msgspec import Meta
from staff0.setting_types import Name, OptionalUrl, Origins, RetiredKeys
from staff0.settings import (
    AttestationKeySettings,
    AuditSettings,
    CallersSettings,
    CoolDownSettings,
    ExpirySettings,
    IdentityProviderSettings,
    LimitsKeySettings,
    PushLimitSettings,
    TokenEndpointSettings,
    WebhookSettings,
    WebhookSignatureSettings,
)


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
    stream_window_seconds: Annotated[int, Meta(ge=1, le=25)] = 20
    card_key_id: Name
    retired_keys: RetiredKeys = ()
    required_extensions: str = ""
    cors_allowed_origins: Origins = ""
    gemini_model: Name = "gemini-3.5-flash-lite"
    gemini_api_key_secret: str = ""
    gemini_base_url: OptionalUrl = ""

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        return tuple(self.cors_allowed_origins.split(",")) if self.cors_allowed_origins else ()
