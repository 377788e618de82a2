"""The public card describes the agent and its authentication, in A2A 1.0 and 0.3."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from a2a.client import A2ACardResolver
from a2a.compat.v0_3.types import AgentCard as OldAgentCard
from hr_agent.http.public_paths import CARD, OLD_CARD
from hr_agent.question_schema import question_schema
from staff0.skills import SKILLS

from tests.support.a2a_test_client import BASE_URL
from tests.support.tokens import AGENT_AUDIENCE, ISSUER, machine_token

STATUS_SCOPE, DETAILS_SCOPE = "read:employee_status", "read:employment_details"
DOCUMENT = Path("docs/callers.md").read_bytes()


async def test_card_is_public(http: httpx.AsyncClient) -> None:
    card = (await http.get(CARD)).json()
    assert card["name"] == "Staff0 HR Agent"
    status, details = card["skills"]
    assert (status["id"], status["name"]) == ("is_active_employee", "Check Employment Status Tool")
    assert status["examples"] == ["Does John Doe with email jdoe@staff0.com work at Staff0?"]
    assert (details["id"], details["name"]) == ("employment_details", "Confirm Start Date And Job Title")
    assert details["examples"] == [
        "Since when does John Doe with email jdoe@staff0.com work at Staff0, and in which role?"
    ]
    assert card["defaultInputModes"] == ["text/plain", "application/json"]
    assert card["defaultOutputModes"] == ["text/plain", "application/json", "application/jwt"]
    assert all(card["capabilities"][name] for name in ("streaming", "pushNotifications", "extendedAgentCard"))


@pytest.mark.parametrize("version", ["1.0", "0.3", ""])
async def test_each_process_serves_the_same_bytes(http: httpx.AsyncClient, version: str) -> None:
    """The scopes are a map of protobuf, which has another order in another process."""
    card = (await http.get(CARD, headers={"A2A-Version": version})).json()
    del card["signatures"]
    assert json.dumps(card) == json.dumps(card, sort_keys=True)


@pytest.mark.parametrize("path", [CARD, OLD_CARD, "/v1/extendedAgentCard", "/v1/v1/card"])
async def test_modes_are_media_types(http: httpx.AsyncClient, path: str) -> None:
    """Registries refuse a card with `text`, which is a kind of part in A2A 0.3 (RFC 6838 4.2)."""
    headers = {"Authorization": f"Bearer {machine_token('acme-client')}"}
    version = "1.0" if path == "/v1/extendedAgentCard" else "0.3"
    for named in (version, "" if path in {CARD, OLD_CARD} else version):
        card = (await http.get(path, headers={**headers, "A2A-Version": named})).json()
        modes = [*card["defaultInputModes"], *card["defaultOutputModes"]]
        modes += [
            mode for skill in card["skills"] for kind in ("inputModes", "outputModes") for mode in skill.get(kind, [])
        ]
        assert all(re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", mode) for mode in modes)


async def test_card_describes_authentication(http: httpx.AsyncClient) -> None:
    card = (await http.get(CARD)).json()
    [(name, scheme)] = card["securitySchemes"].items()
    flow = scheme["oauth2SecurityScheme"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == f"{ISSUER}oauth/token"
    assert set(flow["scopes"]) == {STATUS_SCOPE, DETAILS_SCOPE}
    assert AGENT_AUDIENCE in scheme["oauth2SecurityScheme"]["description"]
    assert card["securityRequirements"] == [{"schemes": {name: {"list": [STATUS_SCOPE]}}}]


@pytest.mark.parametrize("version", ["1.0", "0.3", ""])
async def test_each_skill_names_the_scopes_that_it_needs(http: httpx.AsyncClient, version: str) -> None:
    needed = [[STATUS_SCOPE], [STATUS_SCOPE, DETAILS_SCOPE]]
    skills = (await http.get(CARD, headers={"A2A-Version": version})).json()["skills"]
    if version != "0.3":
        assert [skill["securityRequirements"] for skill in skills] == [
            [{"schemes": {"tenant": {"list": scopes}}}] for scopes in needed
        ]
    if version != "1.0":
        assert [skill["security"] for skill in skills] == [[{"tenant": scopes}] for scopes in needed]


@pytest.mark.parametrize("version", ["", "0.3", "1.0"])
async def test_documentation_is_the_guide_for_callers(http: httpx.AsyncClient, version: str) -> None:
    card = (await http.get(CARD, headers={"A2A-Version": version})).json()
    guide = await http.get(card["documentationUrl"])
    assert guide.headers["content-type"] == "text/markdown; charset=utf-8"  # RFC 7763
    assert guide.content == DOCUMENT
    assert (
        await http.get(card["documentationUrl"], headers={"If-None-Match": guide.headers["etag"]})
    ).status_code == 304


async def test_interfaces_of_both_bindings_and_versions(http: httpx.AsyncClient) -> None:
    card = (await http.get(CARD)).json()
    members = ("url", "protocolBinding", "protocolVersion")
    offers = [tuple(offer[member] for member in members) for offer in card["supportedInterfaces"]]
    assert offers == [
        (f"{BASE_URL}/rpc", "JSONRPC", "1.0"),
        (f"{BASE_URL}/v1", "HTTP+JSON", "1.0"),
        (f"{BASE_URL}/rpc", "JSONRPC", "0.3"),
        (f"{BASE_URL}/v1", "HTTP+JSON", "0.3"),
    ]


async def test_extensions_are_declared(http: httpx.AsyncClient) -> None:
    card = (await http.get(CARD)).json()
    statement, terms, question, *_ = card["capabilities"]["extensions"]
    assert statement["uri"] == "https://staff0/a2a/attestation/v1"
    assert statement["params"] == {"jwks": f"{BASE_URL}/.well-known/jwks.json"}
    assert "employment-attestation+jwt" in statement["description"]
    assert terms["uri"] == "https://staff0/a2a/terms/v1"
    assert question["uri"] == "https://staff0/a2a/question/v1"
    assert question["params"]["schema"] == question_schema(SKILLS)
    assert not any(extension.get("required") for extension in (statement, terms, question))


async def test_card_has_fields_of_0_3(http: httpx.AsyncClient) -> None:
    card = (await http.get(CARD)).json()
    assert (card["url"], card["preferredTransport"]) == (f"{BASE_URL}/rpc", "JSONRPC")
    assert (card["protocolVersion"], card["supportsAuthenticatedExtendedCard"]) == ("0.3", True)


async def test_old_path_has_card_of_0_3(http: httpx.AsyncClient) -> None:
    answer = await http.get(OLD_CARD)
    card = answer.json()
    assert OldAgentCard.model_validate(card).additional_interfaces
    assert (card["url"], card["protocolVersion"]) == (f"{BASE_URL}/rpc", "0.3")
    assert card["security"] == [{"tenant": [STATUS_SCOPE]}]
    assert not {"supportedInterfaces", "securityRequirements"} & set(card)


async def test_sdk_resolver_reads_card(http: httpx.AsyncClient) -> None:
    card = await A2ACardResolver(http, BASE_URL).get_agent_card()
    assert [offer.protocol_version for offer in card.supported_interfaces] == ["1.0", "1.0", "0.3", "0.3"]
