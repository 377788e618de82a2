"""Keyed hashes that stand for persons in the keys of the tasks table.

Keys of a table are seen in logs, metrics and streams. A plain hash of an address is found by trying addresses, so the
hash has a key, and the key for a person who was found has the same form as one for an address that no user has.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from staff0.question import Question

_PURPOSE: Final = b"staff0 table keys"  # another purpose would derive another key


class PersonKeys:
    """Hashes with a key that `read_key` returns once. Methods raise what `read_key` raises."""

    def __init__(self, read_key: Callable[[], bytes]) -> None:
        self._read_key = read_key

    def asked(self, question: Question) -> str:
        """The person as the caller wrote them: the same whether such an employee exists or not."""
        return self._hash("asked", question.asked_about)

    def found(self, sub: str | None, question: Question) -> str:
        """The employee `sub`; without one, the address or id that no user has."""
        return self._hash("employee", sub) if sub else self._hash("none", question.asked_about)

    def _hash(self, *parts: str) -> str:
        return hmac.new(self._key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()

    @cached_property
    def _key(self) -> bytes:
        return self._read_key()


def derived_key(kms: Callable[[], KMSClient], key_id: str) -> bytes:
    """A key derived from an HMAC key of KMS (NIST SP 800-108), so that KMS is called once for each environment.

    Raises botocore.exceptions.ClientError or BotoCoreError when KMS is not available.
    """
    return kms().generate_mac(KeyId=key_id, Message=_PURPOSE, MacAlgorithm="HMAC_SHA_256")["Mac"]
