"""Describes the documents that the agent serves without a token, with conditional requests (RFC 9110 13)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from a2a.types.a2a_pb2 import DESCRIPTOR
from a2a.utils.constants import VERSION_HEADER
from hr_agent.card.well_known_routes import JWKS_MEDIA_TYPE
from hr_agent.http import public_paths
from staff0.protected_resource import WELL_KNOWN

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
_PATH: Final[Schema] = {
    "name": "path",
    "in": "path",
    "required": True,
    "description": "The path of a URL of the agent, which may contain slashes: `rpc`, `v1/message:send`",
    "schema": {"type": "string"},
}
_GUIDE_PATH: Final[Schema] = {
    "name": "document",
    "in": "path",
    "required": True,
    "description": "The guide for callers, or a document that it links to; it may contain slashes",
    "schema": {"type": "string", "enum": [path.removeprefix("/docs/") for path in public_paths.DOCUMENTS]},
}
_CONDITION_HEADERS: Final[list[Schema]] = [
    {"name": name, "in": "header", "schema": {"type": "string"}} for name in ("If-None-Match", "If-Modified-Since")
]
_CACHE_HEADERS: Final[Schema] = {
    name: {"required": True, "schema": {"type": "string"}} for name in ("ETag", "Last-Modified", "Cache-Control")
}
_CARD_HEADERS: Final[Schema] = {**_CACHE_HEADERS, "Vary": {"required": True, "schema": {"const": VERSION_HEADER}}}


_NO_DATE: Final[Schema] = {name: header for name, header in _CACHE_HEADERS.items() if name != "Last-Modified"}
_TAG_CONDITION: Final = _CONDITION_HEADERS[:1]
_METADATA: Final[Schema] = {
    "type": "object",
    "description": "Protected-resource metadata (RFC 9728 2)",
    "required": ["resource", "authorization_servers", "scopes_supported", "bearer_methods_supported", "audience"],
    "properties": {
        "resource": {"type": "string", "format": "uri"},
        "authorization_servers": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "uri"}},
        "audience": {"type": "string", "description": "Auth0's parameter `audience` of a token request"},
    },
}


def public_document_paths(schemas: Schemas) -> dict[str, Schema]:
    """Path → its operations."""
    card = {"anyOf": [reference(DESCRIPTOR.message_types_by_name["AgentCard"], schemas), _OLD_CARD]}
    guide: Schema = {media_type: {"schema": {}} for media_type in sorted(set(public_paths.DOCUMENTS.values()))}
    metadata = json_content(_METADATA, "application/json")
    content, old_content = (json_content(schema, "application/json") for schema in (card, _OLD_CARD))
    return {
        public_paths.CARD: _document("AgentCard", content, [*_CONDITION_HEADERS, _VERSION_HEADER], _CARD_HEADERS),
        public_paths.OLD_CARD: _document("OldAgentCard", old_content, _CONDITION_HEADERS, _CARD_HEADERS),
        public_paths.JWKS: _document("Keys", json_content(_JWKS, JWKS_MEDIA_TYPE), _CONDITION_HEADERS, _CACHE_HEADERS),
        "/docs/{document}": _document("Guide", guide, [_GUIDE_PATH, *_TAG_CONDITION], _NO_DATE, [HTTPStatus.NOT_FOUND]),
        WELL_KNOWN: _document("AgentMetadata", metadata, _TAG_CONDITION, _NO_DATE),
        f"{WELL_KNOWN}/{{path}}": _document(
            "ResourceMetadata", metadata, [_PATH, *_TAG_CONDITION], _NO_DATE, [HTTPStatus.NOT_FOUND]
        ),
    }


def _document(
    name: str, content: Schema, parameters: list[Schema], headers: Schema, more_errors: Sequence[HTTPStatus] = ()
) -> Schema:
    errors = error_responses([HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE, *more_errors])
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
