from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from staff0.encryption import KmsEncryptor

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def test_what_is_sealed_for_one_task_opens_for_that_task_alone(kms: KMSClient, approval_key: str) -> None:
    vault = KmsEncryptor(kms, approval_key)
    sealed = vault.seal("t1", SecretStr("canary"))
    assert b"canary" not in sealed
    assert vault.open("t1", sealed).get_secret_value() == "canary"
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        vault.open("t2", sealed)
