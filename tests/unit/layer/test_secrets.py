from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from staff0 import secrets
from staff0.secrets import get_secret

if TYPE_CHECKING:
    import boto3


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    secrets._cache.clear()


def test_secret_is_cached_until_fresh_one_is_requested(aws: None, session: boto3.Session) -> None:
    manager = session.client("secretsmanager")
    manager.create_secret(Name="client", SecretString="old")
    assert get_secret("client").get_secret_value() == "old"
    manager.put_secret_value(SecretId="client", SecretString="new")
    assert get_secret("client").get_secret_value() == "old"
    assert get_secret("client", fresh=True).get_secret_value() == "new"


def test_missing_secret_is_an_error(aws: None) -> None:
    with pytest.raises(ClientError):
        get_secret("missing")
