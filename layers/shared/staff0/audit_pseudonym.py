"""Keyed hashes that stand for a person, made by an HMAC key that never leaves KMS (RFC 7518 3.2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jwt.utils import base64url_encode

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def audit_pseudonym(kms: KMSClient, key_id: str, person: str) -> str:
    """The pseudonym of a person in the audit trail, the same for all callers. Callers never see it.

    `person` is the user id at the identity provider, or the e-mail address of the question if no user has it. The
    three parts keep it apart from the pairwise pseudonyms of the same key, which are made of two.
    """
    return keyed_hash(kms, key_id, "staff0", "audit", person)


def keyed_hash(kms: KMSClient, key_id: str, *parts: str) -> str:
    """The HMAC-SHA-256 of the parts, base64url. JSON keeps the parts apart, whatever characters they hold."""
    message = json.dumps(parts).encode()
    answer = kms.generate_mac(KeyId=key_id, Message=message, MacAlgorithm="HMAC_SHA_256")
    return base64url_encode(answer["Mac"]).decode()
