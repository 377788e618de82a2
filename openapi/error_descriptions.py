"""Describes the agent's error responses, in the format of each binding."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from hr_agent.limits import MAX_REQUEST_BYTES, REQUIRED_SCOPE

from openapi.gateway import json_content, with_gateway_responses
from openapi.protobuf_schemas import Schema, Schemas

JSON_RPC: Final[Schema] = {"const": "2.0"}
REQUEST_ID: Final[Schema] = {"type": ["string", "integer", "null"]}
ACCESS_ERRORS: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.MISDIRECTED_REQUEST)
BODY_ERRORS: Final = (HTTPStatus.CONTENT_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

_DESCRIPTIONS: Final = {
    HTTPStatus.BAD_REQUEST: "An error of A2A; the details have its `reason`.",
    HTTPStatus.UNAUTHORIZED: "The token is missing or not valid for this agent.",
    HTTPStatus.FORBIDDEN: f"The token lacks {REQUIRED_SCOPE}, or its client is not registered as a caller.",
    HTTPStatus.NOT_FOUND: "The task or the document does not exist, or the task belongs to another caller.",
    HTTPStatus.CONTENT_TOO_LARGE: f"The body is longer than {MAX_REQUEST_BYTES} bytes.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The content type is not JSON.",
    HTTPStatus.MISDIRECTED_REQUEST: "The agent is not served at this address.",
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "A dependency is not available. Nothing was lost: send the same request again after Retry-After seconds."
    ),
}
_ERROR_INFO: Final[Schema] = {
    "type": "object",
    "description": "google.rpc.ErrorInfo; other details may follow it",
    "required": ["@type"],
    "properties": {"@type": {"type": "string"}, "reason": {"type": "string"}, "domain": {"type": "string"}},
}
_STATUS: Final[Schema] = {
    "type": "object",
    "required": ["code", "status", "message", "details"],
    "properties": {
        "code": {"type": "integer"},
        "status": {"type": "string"},
        "message": {"type": "string"},
        "details": {"type": "array", "minItems": 1, "items": _ERROR_INFO},
    },
}
_JSON_RPC_ERROR: Final[Schema] = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "integer"},
        "message": {"type": "string"},
        "data": {"type": "array", "items": _ERROR_INFO},
    },
}
ERRORS: Final[Schemas] = {
    "Error": {
        "type": "object",
        "description": "google.rpc.Status in JSON (A2A 11.6)",
        "required": ["error"],
        "properties": {"error": _STATUS},
    },
    "JsonRpcError": {
        "type": "object",
        "required": ["jsonrpc", "id", "error"],
        "properties": {"jsonrpc": JSON_RPC, "id": REQUEST_ID, "error": _JSON_RPC_ERROR},
    },
}


def error_responses(statuses: list[HTTPStatus], schema: str = "Error") -> Schema:
    """The responses by status; `schema` is a name in `ERRORS`."""
    content = json_content({"$ref": f"#/components/schemas/{schema}"}, "application/json")
    return with_gateway_responses(
        {str(int(s)): {"description": _DESCRIPTIONS[s], "content": content} for s in sorted(statuses)}
    )
