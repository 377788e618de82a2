"""Who an employee is to one caller, and to that caller only (OpenID Connect Core 8.1), and who they are to auditors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from staff0.audit_pseudonym import audit_pseudonym, keyed_hash

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class Pseudonyms:
    """By a key that never leaves KMS: nobody tells an employee from a pseudonym by trying all employees."""

    def __init__(self, kms: Callable[[], KMSClient], key_id: str) -> None:
        self._kms = kms
        self._key_id = key_id

    def for_audit(self, who: str) -> str:
        return audit_pseudonym(self._kms(), self._key_id, who)

    def of(self, sub: str, client_id: str) -> str:
        """The same for the same two."""
        return keyed_hash(self._kms(), self._key_id, client_id, sub)
