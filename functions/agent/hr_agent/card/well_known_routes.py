"""Routes of the public documents: the card in both its formats, and the keys that verify cards and statements."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from a2a.compat.v0_3.conversions import to_compat_agent_card
from a2a.server.request_handlers.response_helpers import agent_card_to_dict
from botocore.exceptions import BotoCoreError, ClientError
from staff0.observability import logger
from staff0.signing import KmsPublicKey
from staff0.tasks import WriteOnceStore
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hr_agent.card.signed_card import MAX_BASE_URLS, SignedCards
from hr_agent.http import public_paths
from hr_agent.http.conditional_response import Document
from hr_agent.http.error_responses import service_unavailable
from hr_agent.http.request_context_keys import BASE_URL_KEY

JWKS_MEDIA_TYPE: Final = "application/jwk-set+json"  # RFC 7517 8.5.2


class WellKnownRoutes:
    """`retired` are JWKs of keys that sign no longer, but still verify what they signed."""

    def __init__(
        self,
        cards: SignedCards,
        keys: Sequence[KmsPublicKey],
        store: WriteOnceStore,
        retired: Sequence[dict[str, str]] = (),
    ) -> None:
        self._cards = cards
        self._keys = keys
        self._retired = retired
        self._store = store

    def routes(self) -> list[Route]:
        documents = {
            public_paths.CARD: self._card,
            public_paths.OLD_CARD: self._old_card,
            public_paths.JWKS: self._jwks,
        }
        return [_route(path, lru_cache(MAX_BASE_URLS)(make)) for path, make in documents.items()]

    def _card(self, base_url: str) -> Document:
        """The card of A2A 1.0 with the fields of 0.3 in addition, so that clients of both find theirs."""
        signed = self._cards.public(base_url)
        return Document(_to_json(agent_card_to_dict(signed.card)), signed.signed_at)

    def _old_card(self, base_url: str) -> Document:
        signed = self._cards.public(base_url)
        card = to_compat_agent_card(signed.card)
        card.signatures = None  # they sign the 1.0 form of the card and cannot be verified on this one
        return Document(_to_json(card.model_dump(mode="json", exclude_none=True)), signed.signed_at)

    def _jwks(self, _base_url: str) -> Document:
        """Straight from KMS: write access to the table must not decide which signatures are valid."""
        body = _to_json({"keys": [*(key.jwk for key in self._keys), *self._retired]})
        stored = self._store.get_or_create(f"jwks:{hashlib.sha256(body).hexdigest()}", lambda: body)
        return Document(body, stored.at, media_type=JWKS_MEDIA_TYPE)


def _to_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _route(path: str, make: Callable[[str], Document]) -> Route:
    async def serve(request: Request) -> Response:
        try:
            document = make(request.scope[BASE_URL_KEY])
        except (BotoCoreError, ClientError) as error:
            logger.error("a public document is not available", extra={"error": type(error).__name__})
            return service_unavailable(path)
        return document.to_response(request.headers)

    return Route(path, serve, methods=["GET"])
