"""What a receiver knows us by (A2A 4.3.3), as headers of the request."""

from typing import Final

from pydantic import BaseModel, ConfigDict, SecretStr
from staff0.errors import WebhookRefused
from staff0.webhooks import is_authentication_scheme, is_header_value

type Headers = dict[str, str]

NOTIFICATION_TOKEN: Final = "X-A2A-Notification-Token"  # noqa: S105 - a header's name


class Credentials(BaseModel):
    """The caller's own words, sealed since they came: each may be empty."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    token: SecretStr = SecretStr("")
    credentials: SecretStr = SecretStr("")


def authenticating(scheme: str, given: Credentials) -> Headers:
    """Raises WebhookRefused for what is no header's value."""
    found: Headers = {}
    if token := given.token.get_secret_value():
        found[NOTIFICATION_TOKEN] = _value(token)
    if scheme and (credentials := given.credentials.get_secret_value()):
        if not is_authentication_scheme(scheme):
            raise WebhookRefused("the authentication scheme is no header's value")
        found["Authorization"] = f"{scheme} {_value(credentials)}"
    return found


def _value(text: str) -> str:
    if not is_header_value(text):
        raise WebhookRefused("the token or the credentials are no header's value")
    return text
