"""Makes moto faster by leaving out work that no test here needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest import mock

from moto.core.serialize import ResponseSerializer
from moto.core.utils import method_names_from_class
from moto.kms.utils import AbstractPrivateKey, generate_private_key

if TYPE_CHECKING:
    from moto.core.model import Shape

_get_value = ResponseSerializer.get_value


@contextmanager
def quick_moto() -> Iterator[None]:
    """Patches moto while it is open. The answers stay the same."""
    with (
        mock.patch("moto.kms.models.generate_private_key", _key_where_needed),
        mock.patch.object(ResponseSerializer, "get_value", _value_of_dict),
        mock.patch("moto.core.responses.method_names_from_class", cache(method_names_from_class)),
    ):
        yield


def _key_where_needed(key_spec: str) -> AbstractPrivateKey | None:
    """moto makes an RSA key for every KMS key, 0.1 s each; symmetric and HMAC keys never use theirs."""
    return generate_private_key(key_spec) if key_spec.startswith(("RSA_", "ECC_")) else None


def _value_of_dict(serializer: ResponseSerializer, value: Any, key: str, shape: Shape) -> Any:
    """moto looks under six spellings for each of the ten types that an attribute of an item may have."""
    if isinstance(value, dict) and serializer.operation_model.service_model.service_name == "dynamodb":
        return value.get(key)
    return _get_value(serializer, value, key, shape)
