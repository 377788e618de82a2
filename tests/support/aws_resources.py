"""The AWS resources that the approval workflow uses in tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient


@dataclass(frozen=True)
class AwsResources:
    """The tasks table and the KMS keys: for encryption, for signatures, for pseudonyms and for table keys (HMAC).

    `key_id` encrypts what the workflow stores, `webhook_key` the credentials of webhooks.
    """

    dynamodb: DynamoDBClient
    table: str
    kms: KMSClient
    key_id: str
    attestation_key: str
    webhook_signing_key: str
    pairwise_key: str
    limits_key: str
    webhook_key: str
    card_key: str

    @classmethod
    def create(cls, dynamodb: DynamoDBClient, table: str, kms: KMSClient) -> AwsResources:
        """Creates new keys."""
        keys = (
            kms.create_key(),
            kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY"),
            kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY"),
            kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"),
            kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"),
            kms.create_key(),
            kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY"),
        )
        return cls(dynamodb, table, kms, *(key["KeyMetadata"]["KeyId"] for key in keys))
