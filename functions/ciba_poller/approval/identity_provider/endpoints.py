"""Paths of the identity provider's endpoints, below its base URL, as Auth0 serves them.

For an identity provider with other paths, change them here; for another host, the setting AUTH0_BASE_URL.
"""

from typing import Final
from urllib.parse import quote

BACKCHANNEL_AUTHENTICATION: Final = "bc-authorize"  # CIBA Core 7.1
TOKEN: Final = "oauth/token"  # noqa: S105 - RFC 6749 3.2
MANAGEMENT_API: Final = "api/v2/"
USERS_BY_EMAIL: Final = f"{MANAGEMENT_API}users-by-email"


def user(user_id: str) -> str:
    """The path of one user in the Management API."""
    return f"{MANAGEMENT_API}users/{quote(user_id, safe='')}"
