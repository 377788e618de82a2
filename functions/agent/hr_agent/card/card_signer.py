"""Signs the JSON documents of cards (A2A 8.4): a JWS over the canonical form of RFC 8785.

ES256 is randomized: a document is signed once, and every instance serves that signature.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import rfc8785
from a2a.types import AgentCard, AgentCardSignature
from jwt import api_jws
from staff0.signing import KmsEcSigningKey
from staff0.tasks import WriteOnceStore

from hr_agent.card.card_variants import Json
from hr_agent.http import public_paths


@dataclass(frozen=True)
class StoredSignatures:
    """One signature for each document, in their order. `at` is the time of the first signing by any instance."""

    signatures: Sequence[AgentCardSignature]
    at: datetime


class CardSigner:
    """Raises botocore's BotoCoreError or ClientError if KMS or DynamoDB is not available."""

    def __init__(self, key: KmsEcSigningKey, store: WriteOnceStore) -> None:
        self.key = key
        self._store = store

    def sign(self, documents: Sequence[Json], base_url: str) -> StoredSignatures:
        """Stores only the signatures: write access to the table must not decide the contents of the card."""
        payloads = [rfc8785.dumps(document) for document in documents]
        stored = self._store.get_or_create(self._name(payloads), lambda: self._new_signatures(payloads, base_url))
        return StoredSignatures(AgentCard.FromString(stored.content).signatures, stored.at)

    def _name(self, payloads: Sequence[bytes]) -> str:
        """Differs for each set of documents and each key. Has the key's id, since its kid would cost a call to KMS."""
        content = b"\n".join([*payloads, self.key.key_id.encode()])  # canonical JSON has no line break
        return f"signatures:{hashlib.sha256(content).hexdigest()}"

    def _new_signatures(self, payloads: Sequence[bytes], base_url: str) -> bytes:
        signatures = [self._signature(payload, base_url) for payload in payloads]
        return AgentCard(signatures=signatures).SerializeToString()

    def _signature(self, payload: bytes, base_url: str) -> AgentCardSignature:
        header = {"kid": self.key.kid, "jku": f"{base_url}{public_paths.JWKS}", "typ": "JOSE"}
        jws = api_jws.encode(payload, self.key, self.key.algorithm, header)
        protected, _, signature = jws.split(".")
        return AgentCardSignature(protected=protected, signature=signature)
