"""Identifiers of the signature of a webhook notification, which the agent card announces and the notifier uses.

docs/extensions/webhook-signature-v1.md describes it.
"""

from typing import Final

EXTENSION: Final = "https://staff0/a2a/webhook-signature/v1"
HEADER: Final = "Staff0-Signature"
TYPE: Final = "webhook-notification+jwt"  # RFC 8725 3.11
# Cards and statements are ES256: no key of webhooks can sign one that passes, nor theirs a notification.
ALGORITHM: Final = "RS256"
VALID_SECONDS: Final = 300  # from the moment of signing; a later attempt is signed again
