"""The extensions that the agent card declares (A2A 4.6): their URIs, what they do, and their params."""

from collections.abc import Iterable
from typing import Any

from a2a.types import AgentExtension
from google.protobuf.struct_pb2 import Struct
from staff0 import approval_format, statement_format, webhook_signature_format
from staff0.skills import Skills

from hr_agent.card.approval_schema import approval_schema
from hr_agent.http import public_paths, wait_header
from hr_agent.http.extensions import TERMS
from hr_agent.question_schema import EXTENSION as QUESTION
from hr_agent.question_schema import question_schema


def declared_extensions(required: Iterable[str], base_url: str, skills: Skills) -> list[AgentExtension]:
    """`required` are the URIs of those that a client has to activate."""
    jwks_url = f"{base_url}{public_paths.JWKS}"
    extensions = [
        _statement(base_url, jwks_url),
        _terms(),
        _question_as_data(skills),
        _waiting_get_task(),
        _approval_as_data(skills),
        _signed_webhooks(base_url, jwks_url),
    ]
    for extension in extensions:
        extension.required = extension.uri in required
    return extensions


def _statement(issuer: str, jwks_url: str) -> AgentExtension:
    return _extension(
        statement_format.EXTENSION,
        f"The artifact of a completed task has a part of the media type {statement_format.MEDIA_TYPE}: a JWT, "
        "signed by ES256, that says what the caller learnt. To verify it, take the key of its kid from "
        f"params.jwks, and check typ {statement_format.TYPE}, iss {issuer}, aud (the client id that asked), exp "
        "and task_id.",
        jwks=jwks_url,
    )


def _terms() -> AgentExtension:
    """Its params are on the extended card only."""
    return AgentExtension(
        uri=TERMS,
        description="Limits, expected times, and what each reason of a failed task means: on the extended card.",
    )


def _question_as_data(skills: Skills) -> AgentExtension:
    return _extension(
        QUESTION,
        "A message may ask by a data part of the schema in params.schema, instead of a text or beside it. The "
        "extension need not be activated.",
        schema=question_schema(skills),
    )


def _waiting_get_task() -> AgentExtension:
    return _extension(
        wait_header.EXTENSION,
        f"GetTask with the header `{wait_header.HEADER}: SECONDS;after=SEQUENCE` returns when the task has a "
        "higher metadata.sequence or has ended, and after SECONDS at the latest. The extension need not be "
        "activated.",
        header=wait_header.HEADER,
        max_seconds=wait_header.MAX_SECONDS,
    )


def _approval_as_data(skills: Skills) -> AgentExtension:
    return _extension(
        approval_format.EXTENSION,
        "The status message of a task in AUTH_REQUIRED has metadata under this URI, of the schema in "
        "params.schema: the code to compare, until when, who has to approve, and which facts. An approval is for its "
        "task alone. The extension need not be activated.",
        schema=approval_schema(skills),
    )


def _signed_webhooks(issuer: str, jwks_url: str) -> AgentExtension:
    return _extension(
        webhook_signature_format.EXTENSION,
        f"Each request to a webhook has the header {webhook_signature_format.HEADER}: a JWT, signed by "
        f"{webhook_signature_format.ALGORITHM}. To verify it, take the key of its kid from params.jwks, and "
        f"check typ {webhook_signature_format.TYPE}, iss {issuer}, aud (the webhook's URL), client_id (the "
        "caller's), exp, request_body_sha256 (of the bytes received), and that jti is new. The extension need not "
        "be activated.",
        header=webhook_signature_format.HEADER,
        jwks=jwks_url,
    )


def _extension(uri: str, description: str, **params: Any) -> AgentExtension:  # noqa: ANN401 - JSON
    struct = Struct()
    struct.update(params)
    return AgentExtension(uri=uri, description=description, params=struct)
