"""Describes what both APIs have in common: headers of errors, and responses of API Gateway itself."""

from __future__ import annotations

from typing import Final

from openapi.protobuf_schemas import Schema

_CHALLENGE: Final[Schema] = {
    "WWW-Authenticate": {
        "description": "Bearer; with a token its error and scope (RFC 6750 3); resource_metadata (RFC 9728 5.1)",
        "required": True,
        "schema": {"type": "string", "pattern": "^Bearer"},
    }
}
_RETRY_AFTER: Final[Schema] = {
    "Retry-After": {"description": "Seconds", "required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}}
}
_HEADERS: Final[Schema] = {
    "401": {"headers": _CHALLENGE},
    "403": {"headers": _CHALLENGE},
    "503": {"headers": _RETRY_AFTER},
}
_TOO_MANY: Final[Schema] = {
    "description": "API Gateway throttles the request: send it again later.",
    "content": {"application/json": {"schema": {"type": "object", "required": ["message"]}}},
}


def json_content(schema: Schema, *media_types: str) -> Schema:
    return {media_type: {"schema": schema} for media_type in media_types}


def with_gateway_responses(responses: Schema) -> Schema:
    """The responses by status, with the headers of errors and with 429.

    A 401 or 403 of API Gateway's authorizer means the same as the agent's, and has the body {"message": …}.
    """
    with_headers = {status: {**response, **_HEADERS.get(status, {})} for status, response in responses.items()}
    return {**with_headers, "429": _TOO_MANY}
