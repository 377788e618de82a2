"""The OpenAPI document of the agent: A2A 1.0 by HTTP+JSON and JSON-RPC, and the public documents.

Paths and methods of HTTP+JSON come from A2A's protobuf descriptor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from a2a.types.a2a_pb2 import DESCRIPTOR
from a2a.utils.constants import PROTOCOL_VERSION_1_0
from google.api.annotations_pb2 import http as http_rule  # type: ignore[import-untyped]
from google.protobuf.descriptor import Descriptor, MethodDescriptor
from hr_agent.http import wait_header
from hr_agent.limits import REQUIRED_SCOPE
from staff0 import trace_context

from openapi.error_descriptions import ACCESS_ERRORS, BODY_ERRORS, ERRORS, JSON_RPC, REQUEST_ID, error_responses
from openapi.gateway import json_content
from openapi.protobuf_schemas import Schema, Schemas, field_schema, is_required, reference
from openapi.public_documents import public_document_paths

_JSON: Final = "application/json"
_A2A: Final = "application/a2a+json"
_STREAM: Final = "text/event-stream"
_PREFIX: Final = "/v1"
_VARIABLE: Final = re.compile(r"\{(\w+)=\*\}")
_DESCRIPTION: Final = f"""\
Asks whether a person works at Staff0, with the employee's consent.
The protocol is A2A {PROTOCOL_VERSION_1_0}: HTTP+JSON below {_PREFIX}, JSON-RPC at /rpc.
The same URLs serve A2A 0.3 to clients that name no version; it is not described here.
"""
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
    "description": "URIs with commas between them; the response names the active ones in the same header.",
}
_LAST_EVENT: Final[Schema] = {
    "name": "Last-Event-ID",
    "in": "header",
    "schema": {"type": "string"},
    "description": "Resumes the stream after this event.",
}

_TRACE: Final[Schema] = {
    "name": trace_context.HEADER,
    "in": "header",
    "schema": {"type": "string"},
    "description": "W3C Trace Context of a message that opens a task. A malformed one is ignored.",
}
_WAIT: Final[Schema] = {
    "name": wait_header.HEADER,
    "in": "header",
    "schema": {"type": "string", "pattern": f"^{wait_header.PATTERN}$"},
    "description": (
        f"GetTask returns when the task has changed, after so many seconds at the latest ({wait_header.MAX_SECONDS} at "
        "most). `;after=3`: when its metadata.sequence is higher than 3."
    ),
}


def describe() -> Schema:
    """The whole document."""
    schemas: Schemas = dict(ERRORS)
    methods = DESCRIPTOR.services_by_name["A2AService"].methods
    paths = public_document_paths(schemas)
    for method in methods:
        verb, path = _route(method)
        operation = _operation(method, path, schemas)
        paths.setdefault(_PREFIX + _path_in_camel_case(path), {})[verb] = operation
    paths["/rpc"] = {"post": _json_rpc(methods, schemas)}
    return {
        "openapi": "3.2.0",  # the first that describes streams
        "info": {"title": "Staff0 HR Agent", "version": "1.0.0", "description": _DESCRIPTION},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "callers": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": f"A client-credentials token with the scope {REQUIRED_SCOPE}.",
                }
            },
        },
    }


def _route(method: MethodDescriptor) -> tuple[str, str]:
    rule = method.GetOptions().Extensions[http_rule]
    verb = str(rule.WhichOneof("pattern"))
    return verb, str(getattr(rule, verb))


def _path_in_camel_case(path: str) -> str:
    return _VARIABLE.sub(lambda found: "{" + _camel(found[1]) + "}", path)


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(map(str.capitalize, more))


def _operation(method: MethodDescriptor, path: str, schemas: Schemas) -> Schema:
    bound = _VARIABLE.findall(path)
    has_body = method.GetOptions().Extensions[http_rule].body == "*"
    statuses = [
        HTTPStatus.BAD_REQUEST,
        *ACCESS_ERRORS,
        *(BODY_ERRORS if has_body else ()),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ]
    if bound or method.input_type.name == "SendMessageRequest":  # may name a task, too
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
            *([_WAIT] if method.name == "GetTask" else []),
            *([_TRACE] if method.input_type.name == "SendMessageRequest" else []),
        ],
        "responses": {"200": _success(method, schemas), **error_responses(statuses)},
    }
    if has_body:
        body = reference(method.input_type, schemas)
        operation["requestBody"] = {"required": not bound, "content": json_content(body, _JSON, _A2A)}
    return operation


def _query(message: Descriptor, bound: list[str], schemas: Schemas) -> list[Schema]:
    """The fields of the message that the path does not contain. This agent has no tenants (A2A's field `tenant`)."""
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
        return {"description": "A window of events. To resume after an event, send its `id`.", "content": content}
    if method.output_type.name == "Empty":
        return {"description": "Deleted.", "content": json_content({"type": "object", "maxProperties": 0}, _A2A)}
    return {
        "description": method.output_type.name,
        "content": json_content(reference(method.output_type, schemas), _A2A),
    }


def _event(data: Schema) -> Schema:
    """The schema of one Server-Sent Event (OpenAPI 3.2, 4.14.4)."""
    text = {"type": "string", "contentMediaType": _JSON, "contentSchema": data}
    return {"type": "object", "required": ["id", "data"], "properties": {"id": {"type": "string"}, "data": text}}


def _json_rpc(methods: Sequence[MethodDescriptor], schemas: Schemas) -> Schema:
    envelope = {
        "type": "object",
        "required": ["jsonrpc", "id", "method"],
        "properties": {"jsonrpc": JSON_RPC, "id": REQUEST_ID},
        "oneOf": [_call(method, schemas) for method in methods],
    }
    results = {m.output_type.name: reference(m.output_type, schemas) for m in methods if m.output_type.name != "Empty"}
    result = {
        "type": "object",
        "required": ["jsonrpc", "id", "result"],
        "properties": {
            "jsonrpc": JSON_RPC,
            "id": REQUEST_ID,
            "result": {"anyOf": [*results.values(), {"type": "null"}]},
        },
    }
    response = {"oneOf": [result, {"$ref": "#/components/schemas/JsonRpcError"}]}
    return {
        "operationId": "JsonRpc",
        "security": [{"callers": []}],
        "parameters": [_VERSION, _EXTENSIONS, _LAST_EVENT, _WAIT, _TRACE],
        "requestBody": {"required": True, "content": json_content(envelope, _JSON, _A2A)},
        "responses": {
            "200": {
                "description": "A result, an error of A2A, or a window of events that are results.",
                "content": {**json_content(response, _JSON), _STREAM: {"itemSchema": _event(response)}},
            },
            **error_responses(
                [HTTPStatus.BAD_REQUEST, *ACCESS_ERRORS, *BODY_ERRORS, HTTPStatus.SERVICE_UNAVAILABLE], "JsonRpcError"
            ),
        },
    }


def _call(method: MethodDescriptor, schemas: Schemas) -> Schema:
    params = reference(method.input_type, schemas)
    return {"properties": {"method": {"const": method.name}, "params": params}}
