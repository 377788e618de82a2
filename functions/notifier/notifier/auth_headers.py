"""HTTP headers that authenticate a notification to its receiver (A2A 4.3.3)."""

from typing import Final

import msgspec
from staff0.errors import WebhookRefused
from staff0.secret_str import SecretStr
from staff0.webhooks import is_authentication_scheme, is_header_value

from notifier.http.webhook_transport import Headers

NOTIFICATION_TOKEN: Final = "X-A2A-Notification-Token"  # noqa: S105 - a header's name


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Secrets that the caller registered with the webhook. Each may be empty."""

    token: SecretStr = SecretStr("")
    credentials: SecretStr = SecretStr("")


def parse_credentials(data: SecretStr) -> Credentials:
    """Raises msgspec.DecodeError, whose message has no part of the secrets."""
    return msgspec.json.decode(data.get_secret_value(), type=Credentials, dec_hook=_secret)


def authentication_headers(scheme: str, registered: Credentials) -> Headers:
    """The headers of these credentials. Raises WebhookRefused for a value that a header cannot hold."""
    headers: Headers = {}
    if token := registered.token.get_secret_value():
        headers[NOTIFICATION_TOKEN] = _header_value(token)
    if scheme and (credentials := registered.credentials.get_secret_value()):
        if not is_authentication_scheme(scheme):
            raise WebhookRefused("the authentication scheme is not a token of RFC 9110")
        headers["Authorization"] = f"{scheme} {_header_value(credentials)}"
    return headers


def _secret(_kind: type, value: object) -> SecretStr:
    if not isinstance(value, str):
        raise TypeError("a secret is not a text")
    return SecretStr(value)


def _header_value(text: str) -> str:
    if not is_header_value(text):
        raise WebhookRefused("the token or the credentials are not a valid header value")
    return text
