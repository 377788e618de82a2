"""What both APIs have in common: headers of refusals, and what API Gateway answers before any function is asked."""

from __future__ import annotations

from typing import Final

from openapi.protobuf_schemas import Schema

_CHALLENGE: Final[Schema] = {
    "WWW-Authenticate": {
        "description": "Bearer, with error and scope where they say more (RFC 6750 3)",
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
    "description": "API Gateway's throttle: send it again a little later.",
    "content": {"application/json": {"schema": {"type": "object", "required": ["message"]}}},
}


def json_content(schema: Schema, *media_types: str) -> Schema:
    return {media_type: {"schema": schema} for media_type in media_types}


def completed(answers: Schema) -> Schema:
    """Answers by status, each with the headers it always has, and with 429.

    A 401 or 403 of API Gateway's authorizer has the same meaning as ours, and {"message": …} for a body.
    """
    with_headers = {s: {**answer, **_HEADERS.get(s, {})} for s, answer in answers.items()}
    return {**with_headers, "429": _TOO_MANY}
