"""The extended card is signed and has the service terms: limits, times and reasons."""

from __future__ import annotations

from typing import Any

import httpx
import jwt
import pytest
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.types import GetExtendedAgentCardRequest
from a2a.utils.signing import create_signature_verifier
from hr_agent.http.public_paths import CARD, JWKS
from staff0.tasks import Reason

from tests.support.a2a_test_client import BASE_URL, Agent
from tests.support.tokens import machine_token


def terms(card: dict[str, Any]) -> dict[str, Any]:
    [found] = [e for e in card["capabilities"]["extensions"] if e["uri"] == "https://staff0/a2a/terms/v1"]
    params: dict[str, Any] = found.get("params", {})
    return params


async def test_only_extended_card_has_terms(agent: Agent) -> None:
    extended, public = await agent.extended_card(), (await agent.http.get(CARD)).json()
    assert terms(extended)["limits"] == {
        "question_characters": 2_000,
        "message_bytes": 100_000,
        "pushes_per_caller_per_hour": 100,
        "pushes_per_employee_per_hour": 5,
        "pushes_per_employee_and_caller_per_hour": 3,
        "employees_per_caller_per_hour": 30,
        "employees_per_caller_per_day": 200,
        "first_cool_down_seconds": 60,
    }
    assert terms(extended)["times"] == {
        "employee_answers_within_seconds": 300,
        "blocking_send_at_most_seconds": 20,
        "stream_window_seconds": 20,
    }
    assert terms(public) == {}


async def test_every_reason_has_a_meaning(agent: Agent) -> None:
    reasons = terms(await agent.extended_card())["reasons"]
    assert set(reasons) == {reason.value for reason in Reason}
    assert all(meaning.endswith(".") for meaning in reasons.values())


async def test_extended_card_repeats_public_card(agent: Agent) -> None:
    extended, public = await agent.extended_card(), (await agent.http.get(CARD, headers={"A2A-Version": "1.0"})).json()
    for field in ("name", "supportedInterfaces", "securitySchemes", "skills"):
        assert extended[field] == {**public, "securitySchemes": extended["securitySchemes"]}[field]


@pytest.mark.parametrize("binding", ["JSONRPC", "HTTP+JSON"])
async def test_sdk_client_verifies_extended_card(http: httpx.AsyncClient, binding: str) -> None:
    card = await A2ACardResolver(http, BASE_URL).get_agent_card()
    keys = jwt.PyJWKSet.from_dict((await http.get(JWKS)).json())
    http.headers["Authorization"] = f"Bearer {machine_token('acme-client')}"
    client = ClientFactory(ClientConfig(httpx_client=http, supported_protocol_bindings=[binding])).create(card)
    verifier = create_signature_verifier(lambda kid, _jku: keys[str(kid)], ["ES256"])
    extended = await client.get_extended_agent_card(GetExtendedAgentCardRequest(), signature_verifier=verifier)
    assert extended.signatures[0].signature != card.signatures[0].signature
