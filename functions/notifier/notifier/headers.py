"""What a receiver knows us by (A2A 4.3.3), as headers of the request."""

import re
from typing import Final

from pydantic import BaseModel, ConfigDict, SecretStr
from staff0.errors import WebhookRefused

type Headers = dict[str, str]

NOTIFICATION_TOKEN: Final = "X-A2A-Notification-Token"  # noqa: S105 - a header's name
_SCHEME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 11.1: a token
_VALUE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # RFC 9110 5.5, without what only old senders use


class Credentials(BaseModel):
    """The caller's own words, sealed since they came: each may be empty."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    token: SecretStr = SecretStr("")
    credentials: SecretStr = SecretStr("")


def authenticating(scheme: str, given: Credentials) -> Headers:
    """Raises WebhookRefused for what is no header's value: it could end the header and begin another."""
    found: Headers = {}
    if token := given.token.get_secret_value():
        found[NOTIFICATION_TOKEN] = _value(token)
    if scheme and (credentials := given.credentials.get_secret_value()):
        if not _SCHEME.fullmatch(scheme):
            raise WebhookRefused("the authentication scheme is no header's value")
        found["Authorization"] = f"{scheme} {_value(credentials)}"
    return found


def _value(text: str) -> str:
    if not _VALUE.fullmatch(text):
        raise WebhookRefused("the token or the credentials are no header's value")
    return text
