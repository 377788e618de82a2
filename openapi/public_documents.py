"""Describes the documents that the agent serves without a token, with conditional requests (RFC 9110 13)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from a2a.types.a2a_pb2 import DESCRIPTOR
from a2a.utils.constants import VERSION_HEADER
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
_VERSION_HEADER: Final[Schema] = {
    "name": VERSION_HEADER,
    "in": "header",
    "description": "1.0 and 0.3 select the card of that version. Without it the card has the members of both.",
    "schema": {"type": "string"},
}
_CONDITION_HEADERS: Final[list[Schema]] = [
    {"name": name, "in": "header", "schema": {"type": "string"}} for name in ("If-None-Match", "If-Modified-Since")
]
_CACHE_HEADERS: Final[Schema] = {
    name: {"required": True, "schema": {"type": "string"}} for name in ("ETag", "Last-Modified", "Cache-Control")
}
_CARD_HEADERS: Final[Schema] = {**_CACHE_HEADERS, "Vary": {"required": True, "schema": {"const": VERSION_HEADER}}}


def public_document_paths(schemas: Schemas) -> dict[str, Schema]:
    """Path → its operations."""
    card = {"anyOf": [reference(DESCRIPTOR.message_types_by_name["AgentCard"], schemas), _OLD_CARD]}
    content, old_content = (json_content(schema, "application/json") for schema in (card, _OLD_CARD))
    return {
        public_paths.CARD: _document("AgentCard", content, [*_CONDITION_HEADERS, _VERSION_HEADER], _CARD_HEADERS),
        public_paths.OLD_CARD: _document("OldAgentCard", old_content, _CONDITION_HEADERS, _CARD_HEADERS),
        public_paths.JWKS: _document("Keys", json_content(_JWKS, JWKS_MEDIA_TYPE), _CONDITION_HEADERS, _CACHE_HEADERS),
    }


def _document(name: str, content: Schema, parameters: list[Schema], headers: Schema) -> Schema:
    errors = error_responses([HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE])
    responses = {
        "200": {"description": name, "headers": headers, "content": content},
        "304": {"description": "Not modified.", "headers": headers},
        **errors,
    }
    without_bodies = {
        status: {member: value for member, value in response.items() if member != "content"}
        for status, response in responses.items()
    }
    return {
        "get": {"operationId": f"Get{name}", "parameters": parameters, "responses": responses},
        "head": {"operationId": f"Head{name}", "parameters": parameters, "responses": without_bodies},
    }
