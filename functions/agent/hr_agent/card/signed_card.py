"""Signed cards (A2A 8.4): each signature is over the document as it is served."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from a2a.types import AgentCard
from google.protobuf.json_format import MessageToDict, ParseDict
from staff0.signing import KmsEcSigningKey
from staff0.tasks import WriteOnceStore

from hr_agent.card.agent_card import Profile, agent_card, extended_card
from hr_agent.card.card_signer import CardSigner, StoredSignatures
from hr_agent.card.card_variants import CardVariant, Json, card_document

MAX_BASE_URLS = 16  # an API has a handful of them
MAX_CARDS = MAX_BASE_URLS * len(CardVariant)


@dataclass(frozen=True)
class SignedCard:
    """The JSON document of a card with its signatures, and the time of the first signing by any instance."""

    document: Json
    signed_at: datetime


class SignedCards:
    """The public and the extended card for a base URL, in each variant.

    Both raise botocore's BotoCoreError or ClientError if KMS or DynamoDB is not available.
    """

    def __init__(self, profile: Profile, key: KmsEcSigningKey, store: WriteOnceStore) -> None:
        self.profile = profile
        self.key = key
        self._signer = CardSigner(key, store)
        self.extended: Callable[[str, CardVariant], AgentCard] = lru_cache(MAX_CARDS)(self._extended)

    def public(self, base_url: str, variant: CardVariant) -> SignedCard:
        card = agent_card(self.profile, base_url)
        stored = self._signatures(card, variant, base_url)
        signatures = [MessageToDict(signature) for signature in stored.signatures]
        return SignedCard({**card_document(card, variant), "signatures": signatures}, stored.at)

    def _extended(self, base_url: str, variant: CardVariant) -> AgentCard:
        """The card in the types of 1.0, with the signature of its document in the variant; kept by the process."""
        card = extended_card(self.profile, base_url)
        stored = self._signatures(card, variant, base_url)
        served = ParseDict(card_document(card, CardVariant.V1_0), AgentCard())
        served.signatures.extend(stored.signatures)
        return served

    def _signatures(self, card: AgentCard, variant: CardVariant, base_url: str) -> StoredSignatures:
        return self._signer.sign([card_document(card, signed) for signed in variant.signed], base_url)
