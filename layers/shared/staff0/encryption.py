"""Encryption of secrets that the tables hold: the id of a push, an employee's token, a webhook's credentials."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from staff0.secret_str import SecretStr

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class Encryptor(Protocol):
    """Encrypts for one task id, which decryption needs. Raises botocore's ClientError or BotoCoreError if KMS fails."""

    def encrypt(self, task_id: str, secret: SecretStr) -> bytes:
        """The ciphertext of a secret of at most 4,096 bytes."""

    def decrypt(self, task_id: str, ciphertext: bytes) -> SecretStr:
        """The secret. Raises KMS' InvalidCiphertextException for a ciphertext of another task."""


class KmsEncryptor:
    """An Encryptor with a symmetric key of KMS. `kms` returns the client, which is made with the first call."""

    def __init__(self, kms: Callable[[], KMSClient], key_id: str) -> None:
        self._kms = kms
        self._key_id = key_id

    def encrypt(self, task_id: str, secret: SecretStr) -> bytes:
        return self._kms().encrypt(
            KeyId=self._key_id,
            Plaintext=secret.get_secret_value().encode(),
            EncryptionContext={"task_id": task_id},
        )["CiphertextBlob"]

    def decrypt(self, task_id: str, ciphertext: bytes) -> SecretStr:
        answer = self._kms().decrypt(
            KeyId=self._key_id, CiphertextBlob=ciphertext, EncryptionContext={"task_id": task_id}
        )
        return SecretStr(answer["Plaintext"].decode())
