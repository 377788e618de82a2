"""Paths that are served without a token; most are well-known ones (RFC 8615)."""

from typing import Final

from a2a.utils.constants import AGENT_CARD_WELL_KNOWN_PATH
from staff0.protected_resource import is_metadata_path

CARD: Final = AGENT_CARD_WELL_KNOWN_PATH  # A2A 8.2
OLD_CARD: Final = "/.well-known/agent.json"  # A2A before 0.3
JWKS: Final = "/.well-known/jwks.json"  # RFC 7517 5
GUIDE: Final = "/docs/callers.md"  # the card's documentationUrl
# The guide and the documents that it links to, with their media types. Links between them are relative, so they have
# the paths of the repository.
DOCUMENTS: Final = {
    GUIDE: "text/markdown",  # RFC 7763; Starlette adds the charset
    "/docs/extensions/approval-v1.md": "text/markdown",
    "/docs/extensions/webhook-signature-v1.md": "text/markdown",
    "/docs/schemas/approval-v1.json": "application/json",
    "/docs/schemas/question-v1.json": "application/json",
}

PUBLIC_PATHS: Final = frozenset({CARD, OLD_CARD, JWKS, *DOCUMENTS})


def is_public(path: str) -> bool:
    """Whether the path is one of these, or that of the metadata of a resource (RFC 9728 3.1)."""
    return path in PUBLIC_PATHS or is_metadata_path(path)
