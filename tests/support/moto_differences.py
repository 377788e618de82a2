"""Corrects moto where AWS behaves differently, simulates outages, and records calls."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

from botocore.exceptions import EndpointConnectionError
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.kms.models import kms_backends

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

type Answer = tuple[SimpleNamespace, dict[str, Any]]


def take_digests(kms: KMSClient) -> None:
    """Makes Sign behave as in KMS: rejects disabled keys, and does not hash the digest again as moto does."""

    def sign(params: dict[str, Any], **_: object) -> Answer:
        asked = json.loads(params["body"])
        assert asked["MessageType"] == "DIGEST"
        key = kms_backends[DEFAULT_ACCOUNT_ID][kms.meta.region_name].describe_key(asked["KeyId"])
        if not key.enabled:
            return SimpleNamespace(status_code=400), {"Error": {"Code": "DisabledException", "Message": "disabled"}}
        digest = base64.b64decode(asked["Message"])
        hashed = Prehashed(SHA384() if asked["SigningAlgorithm"].endswith("384") else SHA256())
        by = [PKCS1v15(), hashed] if "RSA" in asked["SigningAlgorithm"] else [ECDSA(hashed)]
        signature = key.private_key.private_key.sign(digest, *by)  # type: ignore[attr-defined]
        return SimpleNamespace(status_code=200), {"KeyId": key.arn, "Signature": signature}

    kms.meta.events.register("before-call.kms.Sign", sign)  # type: ignore[arg-type]  # a handler may return an answer


@contextmanager
def outage(client: BaseClient, operation: str = "") -> Iterator[None]:
    """Lets all calls of this client, or those of one operation, fail with EndpointConnectionError."""
    service = client.meta.service_model.service_id.hyphenize()
    event = f"before-call.{service}.{operation}" if operation else "before-call"

    def drop(**_: object) -> NoReturn:
        raise EndpointConnectionError(endpoint_url=client.meta.endpoint_url)

    client.meta.events.register_first(event, drop)
    yield
    client.meta.events.unregister(event, drop)


@contextmanager
def canceled_transactions(client: DynamoDBClient, *reasons: list[str]) -> Iterator[list[list[str]]]:
    """Cancels one transaction for each list of reasons, then lets the others pass. Gives the reasons that are left."""
    left = list(reasons)

    def cancel(**_: object) -> Answer | None:
        if not left:
            return None
        codes = [{"Code": code} for code in left.pop(0)]
        error = {"Code": "TransactionCanceledException", "Message": "canceled"}
        return SimpleNamespace(status_code=400), {"Error": error, "CancellationReasons": codes}

    client.meta.events.register_first("before-call.dynamodb.TransactWriteItems", cancel)  # type: ignore[arg-type]  # may answer, too
    yield left
    client.meta.events.unregister("before-call.dynamodb.TransactWriteItems", cancel)  # type: ignore[arg-type]


def calls(client: BaseClient) -> list[str]:
    """A list that records the operations of this client from now on."""
    seen: list[str] = []

    def note(model: Any, **_: object) -> None:
        seen.append(model.name)

    client.meta.events.register_first("before-call", note)
    return seen
