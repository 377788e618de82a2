"""Identifiers of the signed statement, which the agent card announces and the approval functions use."""

from typing import Final

EXTENSION: Final = "https://staff0/a2a/attestation/v1"
MEDIA_TYPE: Final = "application/jwt"  # RFC 7519 10.3.1
FILE_NAME: Final = "attestation.jwt"
TYPE: Final = "employment-attestation+jwt"  # RFC 8725 3.11
