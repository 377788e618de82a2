"""What anybody may read: the card in both its generations, and the keys that it and the statements are signed with."""

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

from hr_agent.card.signed_card import ADDRESSES, SignedCards
from hr_agent.http import public_paths
from hr_agent.http.base_url import BASE_URL_KEY
from hr_agent.http.conditional_response import Document
from hr_agent.http.error_responses import service_unavailable

JWKS_MEDIA_TYPE: Final = "application/jwk-set+json"  # RFC 7517 8.5.2

type Make = Callable[[str], Document]


class WellKnownRoutes:
    """`retired` keys sign no more; what they signed is still verified by them."""

    def __init__(
        self,
        cards: SignedCards,
        keys: Sequence[KmsPublicKey],
        once: WriteOnceStore,
        retired: Sequence[dict[str, str]] = (),
    ) -> None:
        self.cards = cards
        self._keys = keys
        self._retired = retired
        self._once = once

    def routes(self) -> list[Route]:
        documents = {
            public_paths.CARD: self._card,
            public_paths.OLD_CARD: self._old_card,
            public_paths.JWKS: self._jwks,
        }
        return [_route(path, lru_cache(ADDRESSES)(make)) for path, make in documents.items()]

    def _card(self, address: str) -> Document:
        """1.0 with the fields of 0.3 beside its own, so that clients of both find theirs."""
        signed = self.cards.public(address)
        return Document(_json(agent_card_to_dict(signed.card)), signed.at)

    def _old_card(self, address: str) -> Document:
        signed = self.cards.public(address)
        old = to_compat_agent_card(signed.card)
        old.signatures = None  # made over the other form: nobody could verify it here
        return Document(_json(old.model_dump(mode="json", exclude_none=True)), signed.at)

    def _jwks(self, _address: str) -> Document:
        """Straight from KMS: whoever can write to the table must not decide whose signatures are believed."""
        body = _json({"keys": [*(key.jwk for key in self._keys), *self._retired]})
        kept = self._once.get_or_create(f"jwks:{hashlib.sha256(body).hexdigest()}", lambda: body)
        return Document(body, kept.at, media_type=JWKS_MEDIA_TYPE)


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _route(path: str, make: Make) -> Route:
    async def serve(request: Request) -> Response:
        try:
            document = make(request.scope[BASE_URL_KEY])
        except (BotoCoreError, ClientError) as error:
            logger.error("a document is not at hand", extra={"error": type(error).__name__})
            return service_unavailable(path)
        return document.answer(request.headers)

    return Route(path, serve, methods=["GET"])
