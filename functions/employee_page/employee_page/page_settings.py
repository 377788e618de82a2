"""The settings of the employees' page."""

from staff0.setting_types import Name, OptionalUrl
from staff0.settings import (
    ChoicesSettings,
    ConnectionsSettings,
    IdentityProviderSettings,
    PairwiseKeySettings,
    TokenEndpointSettings,
)


class EmployeePageSettings(
    IdentityProviderSettings, TokenEndpointSettings, PairwiseKeySettings, ChoicesSettings, ConnectionsSettings
):
    """`employee_page_base_url` is the page's address if it is not the one of API Gateway."""

    audit_table: Name
    sessions_table: Name
    employee_page_auth0_client_id: Name
    employee_page_base_url: OptionalUrl = ""
