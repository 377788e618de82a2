"""Routes of the public documents: the card in its variants, the keys that verify signatures, metadata, the guide."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from a2a.utils.constants import VERSION_HEADER
from botocore.exceptions import BotoCoreError, ClientError
from staff0.observability import logger
from staff0.protected_resource import WELL_KNOWN, ProtectedResource, resource_url
from staff0.signing import KmsPublicKey
from staff0.tasks import WriteOnceStore
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hr_agent.card.agent_card import AGENT_NAME
from hr_agent.card.card_variants import CardVariant, variant_for
from hr_agent.card.signed_card import MAX_BASE_URLS, MAX_CARDS, SignedCards
from hr_agent.http import public_paths
from hr_agent.http.conditional_response import Document
from hr_agent.http.error_responses import service_unavailable
from hr_agent.http.request_context_keys import BASE_URL_KEY

JWKS_MEDIA_TYPE: Final = "application/jwk-set+json"  # RFC 7517 8.5.2
_METADATA_LINKS: Final = {"jwks_uri": public_paths.JWKS, "resource_documentation": public_paths.GUIDE}


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

    def routes(self, requested_version: Callable[[Request], str]) -> list[Route]:
        """The old path has the card of 0.3, the present one the card of the version that the request names."""
        cards = lru_cache(MAX_CARDS)(self._card)
        keys = lru_cache(MAX_BASE_URLS)(self._jwks)
        documents = cache(_document)

        def card(request: Request) -> Document:
            return cards(request.scope[BASE_URL_KEY], variant_for(requested_version(request)))

        return [
            _route(public_paths.CARD, card),
            _route(public_paths.OLD_CARD, lambda request: cards(request.scope[BASE_URL_KEY], CardVariant.V0_3)),
            _route(public_paths.JWKS, lambda request: keys(request.scope[BASE_URL_KEY])),
            *(_route(path, lambda request: documents(request.scope["path"])) for path in public_paths.DOCUMENTS),
            _route(WELL_KNOWN, self._resource_metadata),
            _route(f"{WELL_KNOWN}/{{path:path}}", self._resource_metadata),
        ]

    def _card(self, base_url: str, variant: CardVariant) -> Document:
        signed = self._cards.public(base_url, variant)
        return Document(_to_json(signed.document), signed.signed_at, vary=VERSION_HEADER)

    def _jwks(self, _base_url: str) -> Document:
        """Straight from KMS: write access to the table must not decide which signatures are valid."""
        body = _to_json({"keys": [*(key.jwk for key in self._keys), *self._retired]})
        stored = self._store.get_or_create(f"jwks:{hashlib.sha256(body).hexdigest()}", lambda: body)
        return Document(body, stored.at, media_type=JWKS_MEDIA_TYPE)

    def _resource_metadata(self, request: Request) -> Document:
        """For any URL, because each one that is not public needs the same token."""
        base_url, profile = request.scope[BASE_URL_KEY], self._cards.profile
        resource = ProtectedResource(AGENT_NAME, profile.issuer, profile.audience, tuple(profile.scopes))
        url = resource_url(base_url, request.scope["path"])
        links = {name: f"{base_url}{path}" for name, path in _METADATA_LINKS.items()}
        return Document(_to_json(resource.metadata(url, **links)))


def _document(path: str) -> Document:
    """A file of docs/, to which links beside this module lead."""
    body = resources.files("hr_agent.card").joinpath(path.removeprefix("/")).read_bytes()
    return Document(body, media_type=public_paths.DOCUMENTS[path])


def _to_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _route(path: str, document_for: Callable[[Request], Document]) -> Route:
    async def serve(request: Request) -> Response:
        try:
            document = document_for(request)
        except (BotoCoreError, ClientError) as error:
            logger.error("a public document is not available", extra={"error": type(error).__name__})
            return service_unavailable(request.url.path)
        return document.to_response(request.headers)

    return Route(path, serve, methods=["GET"])
