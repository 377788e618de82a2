"""Pseudonyms of employees: one for each caller (pairwise, OpenID Connect Core 8.1), and one for auditors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from staff0.audit_pseudonym import audit_pseudonym, audit_pseudonym_of_unknown, keyed_hash

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class Pseudonyms:
    """Computed with an HMAC key of KMS, so that a pseudonym cannot be found by trying all employees."""

    def __init__(self, kms: Callable[[], KMSClient], key_id: str) -> None:
        self._kms = kms
        self._key_id = key_id

    def for_audit(self, sub: str | None, subject: str) -> str:
        """The pseudonym for the audit trail: of the employee `sub`; without one, of the subject of the question."""
        if sub:
            return audit_pseudonym(self._kms(), self._key_id, sub)
        return audit_pseudonym_of_unknown(self._kms(), self._key_id, subject)

    def pairwise(self, sub: str, client_id: str) -> str:
        """The pseudonym of the employee `sub` for the caller `client_id` only."""
        return keyed_hash(self._kms(), self._key_id, client_id, sub)
