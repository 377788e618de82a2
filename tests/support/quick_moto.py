"""Makes moto faster by leaving out work that no test here needs."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, cast
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest
from botocore.endpoint import Endpoint
from botocore.useragent import UserAgentString
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.common_types import TYPE_RESPONSE
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.responses import BaseResponse
from moto.core.serialize import ResponseSerializer
from moto.core.utils import get_service_model, method_names_from_class
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.kms.responses import KmsResponse
from moto.kms.utils import AbstractPrivateKey, generate_private_key

from tests.support.dummy_credentials import REGION

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from moto.core.model import Shape

# Services with requests and answers of the protocol "json", so that the body and the name of the operation say all.
_JSON_SERVICES: Final[dict[str, type[BaseResponse]]] = {"dynamodb": DynamoHandler, "kms": KmsResponse}
_SCALARS: Final = ("S", "N", "B", "BOOL", "NULL")

_snapshots: ContextVar[dict[str, Table]] = ContextVar("snapshots")
_write_transaction = DynamoDBBackend.transact_write_items
_get_value = ResponseSerializer.get_value
_query = Table.query
_QUERY: Final = signature(_query)
_create_request = Endpoint.create_request
_process_request = BotocoreStubber.process_request


@contextmanager
def quick_moto() -> Iterator[None]:
    """Patches moto while it is open. The answers stay the same."""
    with (
        mock.patch("moto.kms.models.generate_private_key", _key_where_needed),
        mock.patch.object(ResponseSerializer, "get_value", _value_of_dict),
        mock.patch("moto.core.responses.method_names_from_class", cache(method_names_from_class)),
        mock.patch.object(Table, "__deepcopy__", _snapshot, create=True),
        mock.patch.object(DynamoDBBackend, "transact_write_items", _transact_write_items),
        mock.patch.object(UserAgentString, "to_string", return_value="tests"),  # built twice for each call
        mock.patch.object(Table, "query", _query_of_partition),
        mock.patch.object(Endpoint, "create_request", _unsigned_request),
        mock.patch.object(BotocoreStubber, "process_request", _direct_response),
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


def _transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """moto copies a table once for each item of a transaction, before it writes the first."""
    token = _snapshots.set({})
    try:
        _write_transaction(backend, transact_items)
    finally:
        _snapshots.reset(token)


def _snapshot(table: Table, _memo: dict[int, Any]) -> Table:
    """moto copies the whole table, attribute by attribute."""
    snapshots = _snapshots.get()
    if table.name not in snapshots:
        snapshots[table.name] = _copy_of_table(table)
    return snapshots[table.name]


def _query_of_partition(table: Table, *args: Any, **kwargs: Any) -> Any:
    """moto sorts all items of the table for each query, also where only one partition can match."""
    query = _QUERY.bind(table, *args, **kwargs).arguments
    hash_key, index = query["hash_key"], query.get("index_name")
    if hash_key is not None and index not in {one.name for one in table.global_indexes}:
        partition = copy.copy(table)
        partition.items = defaultdict(dict, {key: items for key in (hash_key,) if (items := table.items.get(key))})
        return _query(partition, *args, **kwargs)
    return _query(table, *args, **kwargs)


def _copy_of_table(table: Table) -> Table:
    snapshot = copy.copy(table)
    snapshot.items = copy.copy(table.items)
    for key, items in table.items.items():
        snapshot.items[key] = _copy_of(items)
    return snapshot


def _copy_of(items: Any) -> Any:
    """A copy of an item, or of the items with one partition key where the table has a sort key."""
    if isinstance(items, dict):
        return {sort: _copy_of(item) for sort, item in items.items()}
    item = copy.copy(items)
    # A write replaces a scalar, and changes a list, a map or a set itself.
    item.attrs = {name: value if value.type in _SCALARS else copy.deepcopy(value) for name, value in item.attrs.items()}
    return item


def _unsigned_request(
    endpoint: Endpoint, params: dict[str, Any], operation_model: OperationModel
) -> AWSPreparedRequest:
    """Signing takes longer than moto's own work, and moto reads no signature."""
    if not (botocore_stubber.enabled and _service_of(params["url"]) in _JSON_SERVICES):
        return cast("AWSPreparedRequest", _create_request(endpoint, params, operation_model))
    return AWSPreparedRequest(params["method"], params["url"], params["headers"], params["body"], stream_output=False)


def _direct_response(stubber: BotocoreStubber, request: AWSPreparedRequest) -> TYPE_RESPONSE | None:
    """Hands the body to moto's class for the service. moto itself first makes a WSGI request of it."""
    if service := _JSON_SERVICES.get(_service_of(request.url)):
        return _prepared(service(), request).call_action()
    return _process_request(stubber, request)


def _service_of(url: str) -> str:
    return url.removeprefix("https://").partition(".")[0]


def _prepared(response: BaseResponse, request: Any) -> BaseResponse:
    """The state in which moto's `setup_class` leaves it."""
    response.headers, response.body = request.headers, request.body.decode()
    response.querystring, response.uri_match, response.response_headers = {}, {}, {}
    response.region, response.partition, response.current_account = REGION, "aws", DEFAULT_ACCOUNT_ID
    if response.automated_parameter_parsing:
        response.params = _parameters(response, request)
    return response


def _parameters(response: BaseResponse, request: Any) -> Any:
    operation = get_service_model(response.boto3_service_name).operation_model(response._get_action())
    parser = PROTOCOL_PARSERS["json"](operation, map_type=response.PROTOCOL_PARSER_MAP_TYPE)
    parts: Any = {"method": request.method, "url_path": "/", "url_params": {}, "values": {}}
    return parser.parse(parts | {"headers": request.headers, "body": request.body})
