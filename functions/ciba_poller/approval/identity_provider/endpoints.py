"""The paths of an Auth0 tenant. Its token endpoint is known where the metadata is that of a custom domain.

The endpoints that every identity provider with CIBA has come from the settings or the metadata (provider_metadata.py).
"""

from typing import Final
from urllib.parse import quote

from staff0.errors import IdpRejectedClient

_TOKEN: Final = "oauth/token"  # noqa: S105 - RFC 6749 3.2
_USERS_BY_EMAIL: Final = "users-by-email"
_MANAGEMENT_API: Final = "api/v2/"


class TenantEndpoints:
    """The token endpoint at the tenant's own URL, for the directory. It sends no authentication requests."""

    def __init__(self, tenant_url: str) -> None:
        self._token = f"{tenant_url.rstrip('/')}/{_TOKEN}"

    def token(self) -> str:
        return self._token

    def backchannel_authentication(self) -> str:
        raise IdpRejectedClient("the directory sends no authentication requests")


class ManagementApi:
    """URLs of Auth0's Management API. `audience` is its identifier, always at the tenant's own URL.

    `base_url` is where it is reached, if that is another URL.
    """

    def __init__(self, tenant_url: str, base_url: str = "") -> None:
        self.audience = f"{tenant_url.rstrip('/')}/{_MANAGEMENT_API}"
        self._url = f"{(base_url or tenant_url).rstrip('/')}/{_MANAGEMENT_API}"

    @property
    def users_by_email(self) -> str:
        return self._url + _USERS_BY_EMAIL

    def user(self, user_id: str) -> str:
        return f"{self._url}users/{quote(user_id, safe='')}"
