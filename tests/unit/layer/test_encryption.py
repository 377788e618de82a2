from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff0.encryption import KmsEncryptor
from staff0.secret_str import SecretStr

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def test_only_same_task_decrypts(kms: KMSClient, approval_key: str) -> None:
    encryptor = KmsEncryptor(lambda: kms, approval_key)
    ciphertext = encryptor.encrypt("t1", SecretStr("canary"))
    assert b"canary" not in ciphertext
    assert encryptor.decrypt("t1", ciphertext).get_secret_value() == "canary"
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        encryptor.decrypt("t2", ciphertext)


def test_client_is_not_made_before_it_is_needed() -> None:
    def kms() -> KMSClient:
        raise AssertionError

    KmsEncryptor(kms, "key")
