"""Describes the documents that the agent serves without a token, with conditional requests (RFC 9110 13)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from a2a.types.a2a_pb2 import DESCRIPTOR
from hr_agent.card.well_known_routes import JWKS_MEDIA_TYPE
from hr_agent.http import public_paths

from openapi.error_descriptions import error_responses
from openapi.gateway import json_content
from openapi.protobuf_schemas import Schema, Schemas, reference

_JWKS: Final[Schema] = {
    "type": "object",
    "description": "A JWK Set (RFC 7517 5)",
    "required": ["keys"],
    "properties": {"keys": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["kty", "kid"]}}},
}
_OLD_CARD: Final[Schema] = {"type": "object", "required": ["name", "url"]}
_CONDITION_HEADERS: Final = [
    {"name": name, "in": "header", "schema": {"type": "string"}} for name in ("If-None-Match", "If-Modified-Since")
]
_CACHE_HEADERS: Final = {
    name: {"required": True, "schema": {"type": "string"}} for name in ("ETag", "Last-Modified", "Cache-Control")
}


def public_document_paths(schemas: Schemas) -> dict[str, Schema]:
    """Path → its operations."""
    card = reference(DESCRIPTOR.message_types_by_name["AgentCard"], schemas)
    return {
        public_paths.CARD: _document("AgentCard", json_content(card, "application/json")),
        public_paths.OLD_CARD: _document("OldAgentCard", json_content(_OLD_CARD, "application/json")),
        public_paths.JWKS: _document("Keys", json_content(_JWKS, JWKS_MEDIA_TYPE)),
    }


def _document(name: str, content: Schema) -> Schema:
    return {
        "get": {
            "operationId": f"Get{name}",
            "parameters": _CONDITION_HEADERS,
            "responses": {
                "200": {"description": name, "headers": _CACHE_HEADERS, "content": content},
                "304": {"description": "Not modified.", "headers": _CACHE_HEADERS},
                **error_responses([HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE]),
            },
        }
    }
