"""The signed cards (A2A 8.4). ES256 is randomised, so a card is signed once and then the same wherever it is served."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from a2a.types import AgentCard, AgentCardSignature
from staff0.signing import ALGORITHM, KmsSigningKey
from staff0.tasks import WriteOnceStore

from hr_agent.card.agent_card import Profile, agent_card, extended_card
from hr_agent.http import public_paths

ADDRESSES = 16  # an API has a handful of addresses


@dataclass(frozen=True)
class SignedCard:
    """`at` is when it was first signed, by whichever instance."""

    card: AgentCard
    at: datetime


class SignedCards:
    """Both cards at an address, each kept for as long as the process lives. An outage is botocore's own error."""

    def __init__(self, profile: Profile, key: KmsSigningKey, once: WriteOnceStore) -> None:
        self.profile = profile
        self._key = key
        self._once = once
        self.public = lru_cache(ADDRESSES)(lambda address: self._signed(agent_card, address))
        self.extended = lru_cache(ADDRESSES)(lambda address: self._signed(extended_card, address))

    def _signed(self, make: Callable[[Profile, str], AgentCard], address: str) -> SignedCard:
        """Only the signature is kept: whoever can write to the table must not decide what the card says."""
        card = make(self.profile, address)
        kept = self._once.get_or_create(self._name(card), lambda: self._signature(card, address).SerializeToString())
        card.signatures.append(AgentCardSignature.FromString(kept.content))
        return SignedCard(card, kept.at)

    def _name(self, card: AgentCard) -> str:
        """Another card or another key, another signature. The key's id, as asking for its kid would cost a call."""
        content = card.SerializeToString(deterministic=True) + self._key.key_id.encode()
        return f"signature:{hashlib.sha256(content).hexdigest()}"

    def _signature(self, card: AgentCard, address: str) -> AgentCardSignature:
        from a2a.utils.signing import ProtectedHeader, create_agent_card_signer

        header = ProtectedHeader(alg=ALGORITHM, kid=self._key.kid, jku=f"{address}{public_paths.JWKS}", typ="JOSE")
        signer = create_agent_card_signer(self._key, header)  # type: ignore[arg-type]  # pyjwt takes it
        copied = AgentCard()
        copied.CopyFrom(card)  # the signer changes what it is given
        [signature] = signer(copied).signatures
        return signature
