from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff0.audit_pseudonym import audit_pseudonym, keyed_hash

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


@pytest.fixture
def key_id(kms: KMSClient) -> str:
    return kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]


def test_same_person_has_same_pseudonym(kms: KMSClient, key_id: str) -> None:
    first, again = (audit_pseudonym(kms, key_id, "auth0|john") for _ in range(2))
    assert first == again != audit_pseudonym(kms, key_id, "auth0|jane")
    assert "john" not in first


def test_parts_are_kept_apart(kms: KMSClient, key_id: str) -> None:
    assert keyed_hash(kms, key_id, "a", "bc") != keyed_hash(kms, key_id, "ab", "c")
