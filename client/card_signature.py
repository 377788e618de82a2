"""Verifies the signature of an agent card (A2A 8.4)."""

from a2a.types import AgentCard
from a2a.utils.signing import SignatureVerificationError, create_signature_verifier
from jwt import PyJWK
from jwt.exceptions import InvalidKeyError

from client.agent_keys import ALGORITHM, PublishedKeys
from client.errors import BadCard


def require_signature(card: AgentCard, agent: str) -> None:
    """Raises BadCard for a card without a signature."""
    if not card.signatures:
        raise BadCard(
            f"The card at {agent} is not signed, so anyone could have written it; nothing was sent. "
            "Check --agent, or ask its operator for a signed card."
        )


def check_signature(card: AgentCard, agent: str, keys: PublishedKeys) -> None:
    """Raises BadCard unless one of the agent's keys signed the card."""

    def key_of(kid: str | None, jku: str | None) -> PyJWK:
        if jku and jku != keys.url:
            raise BadCard(
                f"The card at {agent} points to keys at another address ({jku}), which were not fetched. "
                "If that is the agent you mean, give its address as --agent."
            )
        found = keys.find(kid)
        if found is None:
            raise InvalidKeyError
        return found

    try:
        create_signature_verifier(key_of, [ALGORITHM])(card)
    except SignatureVerificationError:
        key = "a pinned key" if keys.pinned else "a key"
        raise BadCard(
            f"The card at {agent} is not signed by {key} of {keys.url}: it was changed on the way, or another "
            "party wrote it. Nothing was sent. Check --agent and try again."
        ) from None
