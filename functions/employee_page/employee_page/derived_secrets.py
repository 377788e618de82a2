"""Secrets that are derived from the random value of a cookie, so that nothing else has to be stored."""

import hashlib
import hmac
import secrets

from jwt.utils import base64url_encode


def new_secret() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def derive(secret: str, purpose: str) -> bytes:
    """32 bytes that tell nothing about the secret or about those of another purpose (HMAC-SHA-256)."""
    return hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)


def derive_text(secret: str, purpose: str) -> str:
    return base64url_encode(derive(secret, purpose)).decode()
