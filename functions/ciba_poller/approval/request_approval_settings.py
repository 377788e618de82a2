"""The settings of RequestApproval."""

from typing import override

from staff0.setting_types import Name, OptionalUrl
from staff0.settings import (
    ApprovalKeySettings,
    AuditSettings,
    AuthorizationDetailsSettings,
    CallersSettings,
    ChoicesSettings,
    CibaSettings,
    ConnectionsSettings,
    CoolDownSettings,
    ExpirySettings,
    LimitsKeySettings,
    PairwiseKeySettings,
    PollRateSettings,
    PushLimitSettings,
    PushRateSettings,
    require_credential,
)


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

    @override
    def check(self) -> None:
        super().check()
        require_credential("DIRECTORY", self.directory_auth0_client_key_id or self.directory_auth0_client_secret_id)
