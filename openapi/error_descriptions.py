"""How the agent refuses, by the binding it was asked by, and when."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from hr_agent.limits import MAX_REQUEST_BYTES, REQUIRED_SCOPE

from openapi.gateway import completed, json_content
from openapi.protobuf_schemas import Schema, Schemas

JSON_RPC: Final[Schema] = {"const": "2.0"}
REQUEST_ID: Final[Schema] = {"type": ["string", "integer", "null"]}
DOOR: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.MISDIRECTED_REQUEST)
BODY: Final = (HTTPStatus.CONTENT_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

_ANSWERS: Final = {
    HTTPStatus.BAD_REQUEST: "The protocol's own error; `reason` in the details says which.",
    HTTPStatus.UNAUTHORIZED: "No token, or none that is valid here.",
    HTTPStatus.FORBIDDEN: f"The token lacks {REQUIRED_SCOPE}, or its client is no registered caller.",
    HTTPStatus.NOT_FOUND: "There is no such task, or it is another caller's.",
    HTTPStatus.CONTENT_TOO_LARGE: f"The body is longer than {MAX_REQUEST_BYTES} bytes.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not said to be JSON.",
    HTTPStatus.MISDIRECTED_REQUEST: "The agent is not served at this address.",
    HTTPStatus.SERVICE_UNAVAILABLE: "An outage. Nothing was lost: send the same again after Retry-After seconds.",
}
_ERROR_INFO: Final[Schema] = {
    "type": "object",
    "description": "google.rpc.ErrorInfo, or another detail after it",
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


def refusals(statuses: list[HTTPStatus], error: str = "Error") -> Schema:
    """The answers by status; `error` is one of `ERRORS`."""
    content = json_content({"$ref": f"#/components/schemas/{error}"}, "application/json")
    return completed({str(int(s)): {"description": _ANSWERS[s], "content": content} for s in sorted(statuses)})
