"""Serves the card by the SDK's route, one per address the agent is asked at."""

from functools import lru_cache

from a2a.server.routes import create_agent_card_routes
from a2a.utils.constants import AGENT_CARD_WELL_KNOWN_PATH
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hr_agent.card import agent_card

_CACHE_CONTROL = "public, max-age=300"
_ADDRESSES = 16  # an API has a handful of addresses


def card_route(base_url: str, issuer: str, audience: str) -> Route:
    """`base_url` empty: the card names the address it was asked at, which on AWS is the API's own."""

    @lru_cache(maxsize=_ADDRESSES)
    def route_at(address: str) -> Route:
        card = agent_card(address, issuer, audience)
        [route] = create_agent_card_routes(card, cache_control=_CACHE_CONTROL)
        return route

    async def serve(request: Request) -> Response:
        address = (base_url or str(request.base_url)).rstrip("/")
        answer: Response = await route_at(address).endpoint(request)
        return answer

    return Route(AGENT_CARD_WELL_KNOWN_PATH, serve, methods=["GET"])
