"""The ways in which Auth0 may answer, for FakeIdp."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IdpProfile:
    """Details that Auth0's CIBA documentation leaves open, or that its device flow documents in another way."""

    expiry_error: str = "expired_token"  # or access_denied
    pending_status: int = 400  # or 403, and then 429 for slow_down, as the device flow documents them
    audience_as_list: bool = True
    token_type: str = "at+jwt"  # RFC 9068's profile; or JWT, Auth0's own, with azp for client_id and without jti
    has_authorization_details: bool = True  # Rich Authorization Requests, which AuthorizationDetails switches on
    sends_waits: bool = True  # Retry-After and interval with slow_down; interval and expires_in with a new request


CIBA_PROFILE = IdpProfile()
DEVICE_FLOW_PROFILE = IdpProfile(
    "access_denied",
    403,
    audience_as_list=False,
    token_type="JWT",
    has_authorization_details=False,
    sends_waits=False,
)
IDP_PROFILES = {"CIBA profile": CIBA_PROFILE, "device flow profile": DEVICE_FLOW_PROFILE}
