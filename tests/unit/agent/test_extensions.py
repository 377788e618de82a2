"""Active extensions are echoed; a request without a required extension is rejected (A2A 4.6)."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from hr_agent.application import AccessControl, create_app
from hr_agent.card.signed_card import SignedCards
from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.http.extensions import parse_required_extensions
from hr_agent.http.public_paths import CARD
from hr_agent.protocol.request_handler import StatelessRequestHandler
from staff0.errors import SettingsError
from staff0.tasks import WriteOnceStore

from tests.support.a2a_test_client import BASE_URL, Agent, ProtocolError

ATTESTATION, TERMS = "https://staff0/a2a/attestation/v1", "https://staff0/a2a/terms/v1"
QUESTION, WAIT = "https://staff0/a2a/question/v1", "https://staff0/a2a/wait/v1"
APPROVAL, WEBHOOK_SIGNATURE = "https://staff0/a2a/approval/v1", "https://staff0/a2a/webhook-signature/v1"


@pytest.fixture
def strict_agent(  # noqa: PLR0917 - the parts of an application
    agent: Agent,
    cards: SignedCards,
    well_known: WellKnownRoutes,
    handler: StatelessRequestHandler,
    access: AccessControl,
    write_once: WriteOnceStore,
) -> Agent:
    """An agent that requires the attestation extension, in either binding."""
    required = frozenset({ATTESTATION})
    strict_cards = SignedCards(replace(cards.profile, required_extensions=required), cards.key, write_once)
    routes = WellKnownRoutes(strict_cards, well_known._keys, write_once)
    transport = httpx.ASGITransport(app=create_app(handler, routes, access, required))
    return type(agent)(httpx.AsyncClient(transport=transport, base_url=BASE_URL), agent.token)


async def test_missing_extension_is_named(strict_agent: Agent) -> None:
    with pytest.raises(ProtocolError, match="EXTENSION_SUPPORT_REQUIRED") as error:
        await strict_agent.send()
    assert error.value.status in {200, 400}
    answer = await strict_agent.http.get("/v1/tasks", headers=strict_agent.headers)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert ATTESTATION in error["message"]
    assert error["details"][0]["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"


@pytest.mark.parametrize("header", ["A2A-Extensions", "X-A2A-Extensions"])
async def test_request_with_required_extension(strict_agent: Agent, header: str) -> None:
    strict_agent.http.headers[header] = f"https://example.com/other, {ATTESTATION}"
    assert (await strict_agent.send())["id"]


async def test_card_declares_required_extension(strict_agent: Agent) -> None:
    extensions = (await strict_agent.http.get(CARD)).json()["capabilities"]["extensions"]
    assert {extension["uri"]: extension.get("required", False) for extension in extensions} == {
        ATTESTATION: True,
        TERMS: False,
        QUESTION: False,
        WAIT: False,
        APPROVAL: False,
        WEBHOOK_SIGNATURE: False,
    }


async def test_missing_extension_is_named_in_0_3(strict_agent: Agent) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": {"id": "t"}}
    authorization = {"Authorization": strict_agent.headers["Authorization"]}
    error = (await strict_agent.http.post("/rpc", json=call, headers=authorization)).json()["error"]
    assert error["code"] == -32008
    assert ATTESTATION in error["message"]
    answer = await strict_agent.http.get("/v1/v1/tasks/t", headers=authorization)
    assert (answer.status_code, answer.json()["error"]["details"][0]["reason"]) == (400, "EXTENSION_SUPPORT_REQUIRED")
    named = {**authorization, "X-A2A-Extensions": ATTESTATION}
    assert (await strict_agent.http.post("/rpc", json=call, headers=named)).json()["error"]["code"] == -32001


@pytest.mark.parametrize("header", ["A2A-Extensions", "X-A2A-Extensions"])
async def test_only_active_extensions_are_echoed(agent: Agent, header: str) -> None:
    named = {**agent.headers, header: f"{TERMS},https://example.com/other,{ATTESTATION}"}
    answer = await agent.http.get("/v1/tasks", headers=named)
    assert answer.headers[header] == f"{ATTESTATION},{TERMS}"
    assert not {"a2a-extensions", "x-a2a-extensions"} - {header.lower()} & set(answer.headers)


async def test_no_extension_header_without_request(agent: Agent) -> None:
    answer = await agent.http.get("/v1/tasks", headers=agent.headers)
    assert not [name for name in answer.headers if "extensions" in name]


def test_setting_has_only_declared_uris() -> None:
    assert parse_required_extensions("") == frozenset()
    assert parse_required_extensions(f"{ATTESTATION}, {TERMS}") == {ATTESTATION, TERMS}
    with pytest.raises(SettingsError, match="REQUIRED_EXTENSIONS"):
        parse_required_extensions(f"{ATTESTATION},https://staff0/a2a/dance/v1")
