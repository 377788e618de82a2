"""The agent: A2A 1.0 by HTTP+JSON, as the protocol's own descriptor routes it, by JSON-RPC, and its documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from a2a.types.a2a_pb2 import DESCRIPTOR
from a2a.utils.constants import PROTOCOL_VERSION_1_0
from google.api.annotations_pb2 import http as http_rule  # type: ignore[import-untyped]
from google.protobuf.descriptor import Descriptor, MethodDescriptor
from hr_agent import well_known
from hr_agent.authentication import REQUIRED_SCOPE
from hr_agent.bodies import MAX_BYTES
from hr_agent.public_documents import JWKS_MEDIA_TYPE

from openapi.gateway import completed, json_content
from openapi.proto import Schema, Schemas, field_schema, is_required, reference

_JSON: Final = "application/json"
_A2A: Final = "application/a2a+json"
_STREAM: Final = "text/event-stream"
_PREFIX: Final = "/v1"
_VARIABLE: Final = re.compile(r"\{(\w+)=\*\}")
_ABOUT: Final = f"""\
Asks whether somebody works at Staff0, with the employee's consent.
The protocol is A2A {PROTOCOL_VERSION_1_0}: HTTP+JSON below {_PREFIX}, JSON-RPC at /rpc.
The same addresses serve A2A 0.3 to whoever names no version; it is not described here.
"""
_ANSWERS: Final = {
    HTTPStatus.BAD_REQUEST: "The protocol's own error; `reason` in the details says which.",
    HTTPStatus.UNAUTHORIZED: "No token, or none that is valid here.",
    HTTPStatus.FORBIDDEN: f"The token lacks {REQUIRED_SCOPE}, or its client is no registered caller.",
    HTTPStatus.NOT_FOUND: "There is no such task, or it is another caller's.",
    HTTPStatus.CONTENT_TOO_LARGE: f"The body is longer than {MAX_BYTES} bytes.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not said to be JSON.",
    HTTPStatus.MISDIRECTED_REQUEST: "The agent is not served at this address.",
    HTTPStatus.SERVICE_UNAVAILABLE: "An outage. Nothing was lost: send the same again after Retry-After seconds.",
}
_DOOR: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.MISDIRECTED_REQUEST)
_BODY: Final = (HTTPStatus.CONTENT_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
_ERROR_INFO: Final[Schema] = {
    "type": "object",
    "description": "google.rpc.ErrorInfo, or another detail after it",
    "required": ["@type"],
    "properties": {"@type": {"type": "string"}, "reason": {"type": "string"}, "domain": {"type": "string"}},
}
_ERRORS: Final[Schemas] = {
    "Error": {
        "type": "object",
        "description": "google.rpc.Status in JSON (A2A 11.6)",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "status", "message", "details"],
                "properties": {
                    "code": {"type": "integer"},
                    "status": {"type": "string"},
                    "message": {"type": "string"},
                    "details": {"type": "array", "minItems": 1, "items": _ERROR_INFO},
                },
            }
        },
    },
    "JsonRpcError": {
        "type": "object",
        "required": ["jsonrpc", "id", "error"],
        "properties": {
            "jsonrpc": {"const": "2.0"},
            "id": {"type": ["string", "integer", "null"]},
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"type": "integer"},
                    "message": {"type": "string"},
                    "data": {"type": "array", "items": _ERROR_INFO},
                },
            },
        },
    },
}
_VERSION: Final[Schema] = {
    "name": "A2A-Version",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "enum": [PROTOCOL_VERSION_1_0]},
}
_EXTENSIONS: Final[Schema] = {
    "name": "A2A-Extensions",
    "in": "header",
    "schema": {"type": "string"},
    "description": "URIs, with commas in between; those that are active stand in the answer's header of that name.",
}
_LAST_EVENT: Final[Schema] = {
    "name": "Last-Event-ID",
    "in": "header",
    "schema": {"type": "string"},
    "description": "Goes on behind this event.",
}


def describe() -> Schema:
    """The whole document."""
    schemas: Schemas = dict(_ERRORS)
    methods = DESCRIPTOR.services_by_name["A2AService"].methods
    paths: dict[str, dict[str, Any]] = {path: _document(path, schemas) for path in sorted(well_known.PUBLIC_PATHS)}
    for method in methods:
        verb, path = _route(method)
        operation = _operation(method, path, schemas)
        paths.setdefault(_PREFIX + _in_camel_case(path), {})[verb] = operation
    paths["/rpc"] = {"post": _json_rpc(methods, schemas)}
    return {
        "openapi": "3.2.0",  # the first that describes streams
        "info": {"title": "Staff0 HR Agent", "version": "1.0.0", "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "callers": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": f"A token by client credentials, with the scope {REQUIRED_SCOPE}.",
                }
            },
        },
    }


def _route(method: MethodDescriptor) -> tuple[str, str]:
    rule = method.GetOptions().Extensions[http_rule]
    verb = str(rule.WhichOneof("pattern"))
    return verb, str(getattr(rule, verb))


def _in_camel_case(path: str) -> str:
    return _VARIABLE.sub(lambda found: "{" + _camel(found[1]) + "}", path)


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(map(str.capitalize, more))


def _operation(method: MethodDescriptor, path: str, schemas: Schemas) -> Schema:
    bound = _VARIABLE.findall(path)
    has_body = method.GetOptions().Extensions[http_rule].body == "*"
    statuses = [HTTPStatus.BAD_REQUEST, *_DOOR, *(_BODY if has_body else ()), HTTPStatus.SERVICE_UNAVAILABLE]
    if bound or method.input_type.name == "SendMessageRequest":  # which may name a task as well
        statuses.append(HTTPStatus.NOT_FOUND)
    operation: Schema = {
        "operationId": method.name,
        "security": [{"callers": []}],
        "parameters": [
            *({"name": _camel(n), "in": "path", "required": True, "schema": {"type": "string"}} for n in bound),
            *([] if has_body else _query(method.input_type, bound, schemas)),
            _VERSION,
            _EXTENSIONS,
            *([_LAST_EVENT] if method.name == "SubscribeToTask" else []),
        ],
        "responses": {"200": _success(method, schemas), **_refusals(statuses, "Error")},
    }
    if has_body:
        body = reference(method.input_type, schemas)
        operation["requestBody"] = {"required": not bound, "content": json_content(body, _JSON, _A2A)}
    return operation


def _query(message: Descriptor, bound: list[str], schemas: Schemas) -> list[Schema]:
    """What of the message the path does not say. Nobody here is served by tenants of an agent."""
    fields = [field for field in message.fields if field.name not in {*bound, "tenant"}]
    return [
        {
            "name": field.json_name,
            "in": "query",
            "required": is_required(field),
            "schema": field_schema(field, schemas),
        }
        for field in fields
    ]


def _success(method: MethodDescriptor, schemas: Schemas) -> Schema:
    if method.server_streaming:
        content = {_STREAM: {"itemSchema": _event(reference(method.output_type, schemas))}}
        return {"description": "A window of events; `id` names what to go on behind.", "content": content}
    if method.output_type.name == "Empty":
        return {"description": "It is gone.", "content": json_content({"type": "object", "maxProperties": 0}, _A2A)}
    return {
        "description": method.output_type.name,
        "content": json_content(reference(method.output_type, schemas), _A2A),
    }


def _event(data: Schema) -> Schema:
    """One of Server-Sent Events (OpenAPI 3.2, 4.14.4)."""
    text = {"type": "string", "contentMediaType": _JSON, "contentSchema": data}
    return {"type": "object", "required": ["id", "data"], "properties": {"id": {"type": "string"}, "data": text}}


def _refusals(statuses: list[HTTPStatus], error: str) -> Schema:
    content = json_content({"$ref": f"#/components/schemas/{error}"}, _JSON)
    return completed({str(int(s)): {"description": _ANSWERS[s], "content": content} for s in sorted(statuses)})


def _json_rpc(methods: Sequence[MethodDescriptor], schemas: Schemas) -> Schema:
    envelope = {
        "type": "object",
        "required": ["jsonrpc", "id", "method"],
        "properties": {"jsonrpc": {"const": "2.0"}, "id": {"type": ["string", "integer", "null"]}},
        "oneOf": [_call(method, schemas) for method in methods],
    }
    results = {m.output_type.name: reference(m.output_type, schemas) for m in methods if m.output_type.name != "Empty"}
    result = {
        "type": "object",
        "required": ["jsonrpc", "id", "result"],
        "properties": {
            "jsonrpc": {"const": "2.0"},
            "id": {"type": ["string", "integer", "null"]},
            "result": {"anyOf": [*results.values(), {"type": "null"}]},
        },
    }
    answer = {"oneOf": [result, {"$ref": "#/components/schemas/JsonRpcError"}]}
    return {
        "operationId": "JsonRpc",
        "security": [{"callers": []}],
        "parameters": [_VERSION, _EXTENSIONS, _LAST_EVENT],
        "requestBody": {"required": True, "content": json_content(envelope, _JSON, _A2A)},
        "responses": {
            "200": {
                "description": "A result, an error of the protocol, or a window of events, each a result.",
                "content": {**json_content(answer, _JSON), _STREAM: {"itemSchema": _event(answer)}},
            },
            **_refusals([HTTPStatus.BAD_REQUEST, *_DOOR, *_BODY, HTTPStatus.SERVICE_UNAVAILABLE], "JsonRpcError"),
        },
    }


def _call(method: MethodDescriptor, schemas: Schemas) -> Schema:
    params = reference(method.input_type, schemas)
    return {"properties": {"method": {"const": method.name}, "params": params}}


def _document(path: str, schemas: Schemas) -> dict[str, Schema]:
    """What anybody may read, and ask whether it is still the same."""
    names = ("If-None-Match", "If-Modified-Since")
    kept = {
        name: {"required": True, "schema": {"type": "string"}} for name in ("ETag", "Last-Modified", "Cache-Control")
    }
    contents = {
        well_known.CARD: ("AgentCard", reference(DESCRIPTOR.message_types_by_name["AgentCard"], schemas), _JSON),
        well_known.OLD_CARD: ("OldAgentCard", {"type": "object", "required": ["name", "url"]}, _JSON),
        well_known.JWKS: ("Keys", _JWKS, JWKS_MEDIA_TYPE),
    }
    name, schema, media_type = contents[path]
    statuses = [HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE]
    return {
        "get": {
            "operationId": f"Get{name}",
            "parameters": [{"name": n, "in": "header", "schema": {"type": "string"}} for n in names],
            "responses": {
                "200": {"description": name, "headers": kept, "content": json_content(schema, media_type)},
                "304": {"description": "You have it.", "headers": kept},
                **_refusals(statuses, "Error"),
            },
        }
    }


_JWKS: Final[Schema] = {
    "type": "object",
    "description": "A JWK Set (RFC 7517 5)",
    "required": ["keys"],
    "properties": {"keys": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["kty", "kid"]}}},
}
