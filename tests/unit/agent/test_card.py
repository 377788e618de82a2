"""The card is public, cacheable, valid, and names the addresses the agent is really reached at."""

from __future__ import annotations

import httpx
import pytest
from a2a.client import A2ACardResolver
from a2a.utils.constants import AGENT_CARD_WELL_KNOWN_PATH as PATH
from fastapi import FastAPI
from hr_agent.application import Doors, create_app
from hr_agent.card_route import card_route
from hr_agent.request_handler import StatelessRequestHandler
from staff0.auth import TokenVerifier

from tests.fakes.tenant_keys import AGENT_AUDIENCE, ISSUER, FakeKeys


async def test_the_card_needs_no_token_and_says_what_the_agent_does(http: httpx.AsyncClient) -> None:
    card = (await http.get(PATH)).json()
    assert card["name"] == "Staff0 HR Agent"
    [skill] = card["skills"]
    assert (skill["id"], skill["name"]) == ("is_active_employee", "Check Employment Status Tool")
    assert skill["examples"] == ["Does John Doe with email jdoe@staff0.com work at Staff0?"]
    assert card["defaultInputModes"] == ["text", "text/plain"]
    assert card["capabilities"] == {"streaming": True, "pushNotifications": True, "extendedAgentCard": False}


async def test_the_card_tells_how_to_get_a_token(http: httpx.AsyncClient) -> None:
    card = (await http.get(PATH)).json()
    [(name, scheme)] = card["securitySchemes"].items()
    flow = scheme["oauth2SecurityScheme"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == f"{ISSUER}oauth/token"
    assert list(flow["scopes"]) == ["read:employee_status"]
    assert AGENT_AUDIENCE in scheme["oauth2SecurityScheme"]["description"]
    assert card["securityRequirements"] == [{"schemes": {name: {"list": ["read:employee_status"]}}}]


@pytest.mark.parametrize("host", ["agent.example", "abc123.execute-api.us-east-1.amazonaws.com"])
async def test_without_a_set_address_the_card_names_the_one_it_was_asked_at(http: httpx.AsyncClient, host: str) -> None:
    card = (await http.get(f"https://{host}{PATH}")).json()
    offers = [(offer["protocolBinding"], offer["url"]) for offer in card["supportedInterfaces"]]
    assert offers == [("JSONRPC", f"https://{host}/rpc"), ("HTTP+JSON", f"https://{host}/v1")]


async def test_a_set_address_wins(handler: StatelessRequestHandler) -> None:
    doors = Doors(TokenVerifier(ISSUER, AGENT_AUDIENCE, FakeKeys()), {})
    app = create_app(handler, card_route("https://hr.staff0.example/", ISSUER, AGENT_AUDIENCE), doors)
    card = (await _client(app).get(PATH)).json()
    assert [offer["url"] for offer in card["supportedInterfaces"]] == [
        "https://hr.staff0.example/rpc",
        "https://hr.staff0.example/v1",
    ]


async def test_an_unchanged_card_is_not_sent_again(http: httpx.AsyncClient) -> None:
    first = await http.get(PATH)
    assert first.headers["cache-control"] == "public, max-age=300"
    again = await http.get(PATH, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_sdks_own_resolver_reads_the_card(http: httpx.AsyncClient) -> None:
    card = await A2ACardResolver(http, "https://agent.example").get_agent_card()
    assert [offer.protocol_version for offer in card.supported_interfaces] == ["1.0", "1.0"]


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://agent.example")
