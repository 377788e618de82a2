"""The settings of the HR API."""

from staff0.setting_types import Name, OptionalUrl
from staff0.settings import (
    AuthorizationDetailsSettings,
    HrAudienceSettings,
    IdentityProviderSettings,
)


class HrApiSettings(IdentityProviderSettings, HrAudienceSettings, AuthorizationDetailsSettings):
    employees_table: Name
    used_approvals_table: Name
    hr_agent_auth0_client_id: Name
    hr_api_base_url: OptionalUrl = ""
