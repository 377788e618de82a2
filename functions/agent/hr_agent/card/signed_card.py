"""Signed cards (A2A 8.4). ES256 is randomized: a card is signed once, and every instance serves that signature."""

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

MAX_BASE_URLS = 16  # an API has a handful of them


@dataclass(frozen=True)
class SignedCard:
    """`signed_at` is the time of the first signature by any instance."""

    card: AgentCard
    signed_at: datetime


class SignedCards:
    """The public and the extended card for a base URL, cached for the life of the process.

    Both raise botocore's BotoCoreError or ClientError if KMS or DynamoDB is not available.
    """

    def __init__(self, profile: Profile, key: KmsSigningKey, store: WriteOnceStore) -> None:
        self.profile = profile
        self.key = key
        self._store = store
        self.public = lru_cache(MAX_BASE_URLS)(lambda base_url: self._signed(agent_card, base_url))
        self.extended = lru_cache(MAX_BASE_URLS)(lambda base_url: self._signed(extended_card, base_url))

    def _signed(self, make: Callable[[Profile, str], AgentCard], base_url: str) -> SignedCard:
        """Stores only the signature: write access to the table must not decide the contents of the card."""
        card = make(self.profile, base_url)
        # The signer adds the signature to the card that it is given: hence a second one.
        stored = self._store.get_or_create(
            self._name(card), lambda: self._signature(make(self.profile, base_url), base_url).SerializeToString()
        )
        card.signatures.append(AgentCardSignature.FromString(stored.content))
        return SignedCard(card, stored.at)

    def _name(self, card: AgentCard) -> str:
        """Differs for each card and each key. Has the key's id, since its kid would cost a call to KMS."""
        content = card.SerializeToString(deterministic=True) + self.key.key_id.encode()
        return f"signature:{hashlib.sha256(content).hexdigest()}"

    def _signature(self, card: AgentCard, base_url: str) -> AgentCardSignature:
        from a2a.utils.signing import ProtectedHeader, create_agent_card_signer

        header = ProtectedHeader(alg=ALGORITHM, kid=self.key.kid, jku=f"{base_url}{public_paths.JWKS}", typ="JOSE")
        signer = create_agent_card_signer(self.key, header)  # type: ignore[arg-type]  # pyjwt accepts it
        [signature] = signer(card).signatures
        return signature
