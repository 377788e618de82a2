"""Paths that are served without a token (RFC 8615)."""

from typing import Final

from a2a.utils.constants import AGENT_CARD_WELL_KNOWN_PATH

CARD: Final = AGENT_CARD_WELL_KNOWN_PATH  # A2A 8.2
OLD_CARD: Final = "/.well-known/agent.json"  # A2A before 0.3
JWKS: Final = "/.well-known/jwks.json"  # RFC 7517 5

PUBLIC_PATHS: Final = frozenset({CARD, OLD_CARD, JWKS})
