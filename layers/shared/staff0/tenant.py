"""One application of the Auth0 tenant, as a function of ours uses it."""

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True)
class TenantClient:
    """Where the tenant is reached (`base_url`, with a trailing slash), its exact `iss`, and who we are there."""

    base_url: str
    issuer: str
    client_id: str
    client_secret: SecretStr
