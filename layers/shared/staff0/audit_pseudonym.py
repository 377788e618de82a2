"""Who a person is to auditors: one pseudonym over all callers, which none of them is ever told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jwt.utils import base64url_encode

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def pseudonym(kms: KMSClient, key_id: str, who: str) -> str:
    """`who` is the tenant's user id, or the address that was asked about where nobody has it.

    Made by the key of the pairwise pseudonyms, of a list of three where those are made of two (RFC 7518 3.2).
    """
    message = json.dumps(["staff0", "audit", who]).encode()
    answer = kms.generate_mac(KeyId=key_id, Message=message, MacAlgorithm="HMAC_SHA_256")
    return base64url_encode(answer["Mac"]).decode()
