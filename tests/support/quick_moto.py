"""Makes moto faster by leaving out work that no test here needs."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast
from unittest import mock
from weakref import WeakKeyDictionary

from botocore.endpoint import Endpoint
from botocore.parsers import create_parser
from botocore.regions import EndpointRulesetResolver
from botocore.useragent import UserAgentString
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model, method_names_from_class
from moto.kms.responses import KmsResponse
from moto.kms.utils import AbstractPrivateKey, generate_private_key

from tests.support.dummy_credentials import REGION
from tests.support.patches import opened
from tests.support.quick_dynamodb import DirectDynamo, quick_dynamodb

if TYPE_CHECKING:
    from botocore.endpoint_provider import RuleSetEndpoint
    from botocore.model import OperationModel, StructureShape

# Services with requests and answers of the protocol "json", so that the body and the name of the operation say all.
_JSON_SERVICES: Final[dict[str, type[BaseResponse]]] = {"dynamodb": DirectDynamo, "kms": KmsResponse}
_PARSER: Final = create_parser("json")

_endpoints: WeakKeyDictionary[EndpointRulesetResolver, RuleSetEndpoint] = WeakKeyDictionary()
_make_request = Endpoint.make_request
_construct_endpoint = EndpointRulesetResolver.construct_endpoint


def quick_moto() -> AbstractContextManager[None]:
    """Patches moto while it is open. The answers stay the same."""
    return opened(
        mock.patch("moto.kms.models.generate_private_key", _key_where_needed),
        # For each mock, moto registers 1,288 addresses with the library `requests`, which no test uses.
        mock.patch("moto.core.models.RESPONSES_METHODS", []),
        mock.patch("moto.core.responses.method_names_from_class", cache(method_names_from_class)),
        mock.patch("moto.core.responses.gen_amzn_requestid_long", _request_id),
        mock.patch.object(UserAgentString, "to_string", _user_agent),
        mock.patch.object(EndpointRulesetResolver, "construct_endpoint", _same_endpoint),
        mock.patch.object(Endpoint, "make_request", _direct_response),
        quick_dynamodb(),
    )


def _key_where_needed(key_spec: str) -> AbstractPrivateKey | None:
    """moto makes an RSA key for every KMS key, 0.1 s each; symmetric and HMAC keys never use theirs."""
    return generate_private_key(key_spec) if key_spec.startswith(("RSA_", "ECC_")) else None


def _request_id(_headers: object) -> str:
    """moto draws 52 random letters for each call."""
    return "request"


def _user_agent(_agent: object) -> str:
    """botocore builds it twice for each call."""
    return "tests"


def _same_endpoint(
    resolver: EndpointRulesetResolver, operation_model: OperationModel, call_args: Any, request_context: Any
) -> RuleSetEndpoint:
    """botocore evaluates the rules of the service's endpoints for each call, and moto reads no endpoint."""
    if not _is_direct(operation_model):
        return _construct_endpoint(resolver, operation_model, call_args, request_context)
    if resolver not in _endpoints:
        _endpoints[resolver] = _construct_endpoint(resolver, operation_model, call_args, request_context)
    return _endpoints[resolver]


def _is_direct(operation_model: OperationModel) -> bool:
    return bool(botocore_stubber.enabled) and operation_model.service_model.service_name in _JSON_SERVICES


def _direct_response(endpoint: Endpoint, operation_model: OperationModel, request_dict: Any) -> Any:
    """Hands the body to moto's class for the service.

    botocore would make an HTTP request of it and sign it, and moto a WSGI request of that.
    """
    if not _is_direct(operation_model):
        return _make_request(endpoint, operation_model, request_dict)
    handler = _prepared(operation_model, request_dict)
    status, _, body = handler.call_action()
    if isinstance(handler, DirectDynamo) and handler.answer is not None:
        parsed = handler.answer
    else:
        assert isinstance(body, str)
        parsed = _parsed({"status_code": status, "headers": {}, "body": body.encode()}, operation_model)
    parsed["ResponseMetadata"] = {"HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0}
    return SimpleNamespace(status_code=status, headers={}), parsed


def _prepared(operation_model: OperationModel, request: Any) -> BaseResponse:
    """The state in which moto's `setup_class` leaves it."""
    response = _JSON_SERVICES[operation_model.service_model.service_name]()
    response.headers, response.body = request["headers"], request["body"].decode()
    response.querystring, response.uri_match, response.response_headers = {}, {}, {}
    response.region, response.partition, response.current_account = REGION, "aws", DEFAULT_ACCOUNT_ID
    if isinstance(response, DirectDynamo):
        response.read_parameters(operation_model)
    elif response.automated_parameter_parsing:
        response.params = _parameters(response, request)
    return response


def _parameters(response: BaseResponse, request: Any) -> Any:
    operation = get_service_model(response.boto3_service_name).operation_model(response._get_action())
    parser = PROTOCOL_PARSERS["json"](operation, map_type=response.PROTOCOL_PARSER_MAP_TYPE)
    parts: Any = {"method": "POST", "url_path": "/", "url_params": {}, "values": {}}
    return parser.parse(parts | {"headers": request["headers"], "body": request["body"]})


def _parsed(response: dict[str, Any], operation_model: OperationModel) -> dict[str, Any]:
    """As `Endpoint._do_get_response` parses a response."""
    parsed: dict[str, Any] = _PARSER.parse(response, cast("StructureShape", operation_model.output_shape))
    code = parsed.get("Error", {}).get("Code")
    shape = code and operation_model.service_model.shape_for_error_code(code)
    return parsed | _PARSER.parse(response, shape) if shape else parsed
