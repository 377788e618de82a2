"""Seals what must not lie open in the table: auth_req_id and the employee's token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KmsEncryptor:
    """KMS encryption bound to one task: what is sealed for a task opens for that task alone."""

    def __init__(self, kms: KMSClient, key_id: str) -> None:
        self._kms = kms
        self._key_id = key_id

    def seal(self, task_id: str, secret: SecretStr) -> bytes:
        """Ciphertext of at most 4 KB of text."""
        return self._kms.encrypt(
            KeyId=self._key_id,
            Plaintext=secret.get_secret_value().encode(),
            EncryptionContext={"task_id": task_id},
        )["CiphertextBlob"]

    def open(self, task_id: str, sealed: bytes) -> SecretStr:
        """The text sealed for this task. Raises KMS' InvalidCiphertextException for another task's."""
        answer = self._kms.decrypt(KeyId=self._key_id, CiphertextBlob=sealed, EncryptionContext={"task_id": task_id})
        return SecretStr(answer["Plaintext"].decode())
