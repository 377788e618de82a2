"""Keyed hashes that stand for a person, made by an HMAC key that never leaves KMS (RFC 7518 3.2)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def audit_pseudonym(kms: KMSClient, key_id: str, sub: str) -> str:
    """The pseudonym of a user in the audit trail, the same for all callers. Callers never see it.

    `sub` is the user's id at the identity provider. The three parts keep the pseudonym apart from the pairwise ones
    of the same key, which are made of two.
    """
    return keyed_hash(kms, key_id, "staff0", "audit", sub)


def audit_pseudonym_of_unknown(kms: KMSClient, key_id: str, subject: str) -> str:
    """The same for the address or id of a question that belongs to no employee, in any letter case.

    Its four parts are those of no user, whatever their id is: no user who logs in reads these requests as their own.
    """
    return keyed_hash(kms, key_id, "staff0", "audit", "unknown", subject.lower())


def keyed_hash(kms: KMSClient, key_id: str, *parts: str) -> str:
    """The HMAC-SHA-256 of the parts, base64url. JSON keeps the parts apart, whatever characters they hold."""
    message = json.dumps(parts).encode()
    answer = kms.generate_mac(KeyId=key_id, Message=message, MacAlgorithm="HMAC_SHA_256")
    return urlsafe_b64encode(answer["Mac"]).rstrip(b"=").decode()
