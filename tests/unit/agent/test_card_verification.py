"""Every card verifies on the document as it is served: for each path, version, binding and media type."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from a2a.compat.v0_3.types import AgentCard as V03AgentCard
from a2a.types import AgentCard
from a2a.utils.proto_utils import validate_proto_required_fields
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from hr_agent.card.agent_card import Profile
from hr_agent.card.card_variants import CardVariant, v0_3_card
from hr_agent.card.signed_card import SignedCards
from hr_agent.http.public_paths import CARD, JWKS, OLD_CARD
from staff0.tasks import WriteOnceStore

from tests.support.a2a_test_client import BASE_URL
from tests.support.card_verification import READINGS, verified_signatures, verified_signatures_in_javascript
from tests.support.tokens import machine_token

type Json = Any

VERSIONS = [None, "", "0.3", "0.3.0", "1.0", "1.0.1", "1", "2.0", "abc"]
MEDIA_TYPES = ["*/*", "application/json", "application/a2a+json", "text/html"]
V0_3_MEMBERS = {
    "additionalInterfaces",
    "preferredTransport",
    "protocolVersion",
    "security",
    "supportsAuthenticatedExtendedCard",
    "url",
}
V1_0_MEMBERS = {"supportedInterfaces", "securityRequirements"}


def version_headers(version: str | None) -> dict[str, str]:
    return {} if version is None else {"A2A-Version": version}


async def public_card(http: httpx.AsyncClient, path: str = CARD, version: str | None = None) -> Json:
    return (await http.get(path, headers=version_headers(version))).json()


async def extended_cards(http: httpx.AsyncClient) -> dict[str, str]:
    """Binding and version → the JSON text of the extended card."""
    token = {"Authorization": f"Bearer {machine_token('acme-client')}"}
    found = {}
    for version, method in (("1.0", "GetExtendedAgentCard"), ("0.3", "agent/getAuthenticatedExtendedCard")):
        call = {"jsonrpc": "2.0", "id": 1, "method": method}
        answer = await http.post("/rpc", json=call, headers=token | version_headers(version))
        assert answer.headers["content-type"] == "application/json"
        found[f"JSONRPC {version}"] = json.dumps(answer.json()["result"])
    found["HTTP+JSON 1.0"] = (await http.get("/v1/extendedAgentCard", headers=token | version_headers("1.0"))).text
    found["HTTP+JSON 0.3"] = (await http.get("/v1/v1/card", headers=token)).text
    return found


@pytest.fixture
async def jwks(http: httpx.AsyncClient) -> Json:
    return (await http.get(JWKS)).json()


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("path", [CARD, OLD_CARD])
async def test_public_card_verifies(
    http: httpx.AsyncClient, jwks: Json, path: str, reading: Callable[[Json], Json]
) -> None:
    for version in VERSIONS:
        for media_type in MEDIA_TYPES:
            answer = await http.get(path, headers={"Accept": media_type, **version_headers(version)})
            assert answer.headers["content-type"] == "application/json"
            assert verified_signatures(answer.content, jwks, reading)[0] == 0, (version, media_type)


@pytest.mark.parametrize("reading", READINGS)
async def test_extended_card_verifies(http: httpx.AsyncClient, jwks: Json, reading: Callable[[Json], Json]) -> None:
    for name, text in (await extended_cards(http)).items():
        assert "question_characters" in text
        assert verified_signatures(text, jwks, reading) == [0], name


async def test_every_card_verifies_in_javascript(http: httpx.AsyncClient, jwks: Json) -> None:
    texts = {
        f"{path} {version}": (await http.get(path, headers=version_headers(version))).text
        for path in (CARD, OLD_CARD)
        for version in (None, "0.3", "1.0")
    } | await extended_cards(http)
    reports = verified_signatures_in_javascript(list(texts.values()), jwks)
    for (name, text), report in zip(texts.items(), reports, strict=True):
        assert report["asReceived"] == report["withoutDefaults"] == [0], name
        is_v1_0 = "supportedInterfaces" in json.loads(text)
        assert bool(report["sdk"]) == is_v1_0, name


async def test_changed_member_of_either_version_does_not_verify(http: httpx.AsyncClient, jwks: Json) -> None:
    card = await public_card(http)
    for member in ("url", "name", "preferredTransport"):
        assert verified_signatures(json.dumps(card | {member: "https://evil.example/rpc"}), jwks) == []
    [report] = verified_signatures_in_javascript([json.dumps(card | {"url": "https://evil.example/rpc"})], jwks)
    assert report["asReceived"] == report["withoutDefaults"] == []


@pytest.mark.parametrize("version", ["1.0", "1.0.1"])
async def test_card_of_1_0_has_members_of_1_0_only(http: httpx.AsyncClient, version: str) -> None:
    card = await public_card(http, CARD, version)
    validate_proto_required_fields(ParseDict(card, AgentCard()))  # raises for a member that 1.0 does not have, or lacks
    assert not set(card) & V0_3_MEMBERS
    assert set(card) >= V1_0_MEMBERS
    assert [len(card["signatures"]), set(card["securitySchemes"]["tenant"])] == [1, {"oauth2SecurityScheme"}]


@pytest.mark.parametrize("version", ["0.3", "0.3.0"])
async def test_card_of_0_3_has_members_of_0_3_only(http: httpx.AsyncClient, version: str) -> None:
    card = await public_card(http, CARD, version)
    assert V03AgentCard.model_validate(card).url
    assert not set(card) & V1_0_MEMBERS
    assert set(card) >= V0_3_MEMBERS


@pytest.mark.parametrize("version", VERSIONS)
async def test_old_path_has_card_of_0_3_in_each_version(http: httpx.AsyncClient, version: str | None) -> None:
    assert await public_card(http, OLD_CARD, version) == await public_card(http, CARD, "0.3")


async def test_version_in_query_selects_card(http: httpx.AsyncClient) -> None:
    for version in ("1.0", "0.3"):
        by_query = (await http.get(f"{CARD}?A2A-Version={version}")).json()
        assert by_query == await public_card(http, CARD, version)


async def test_extended_card_of_1_0_has_members_of_1_0_only(http: httpx.AsyncClient) -> None:
    cards = await extended_cards(http)
    for binding in ("JSONRPC 1.0", "HTTP+JSON 1.0"):
        validate_proto_required_fields(ParseDict(json.loads(cards[binding]), AgentCard()))


@pytest.mark.parametrize("version", [None, "", "1", "1.1", "v1.0", "0.2", "2.0", "abc"])
async def test_without_known_version_card_has_members_of_both(http: httpx.AsyncClient, version: str | None) -> None:
    assert set(await public_card(http, CARD, version)) >= V0_3_MEMBERS | V1_0_MEMBERS


async def test_each_variant_is_cached_for_itself(http: httpx.AsyncClient) -> None:
    answers = [await http.get(CARD, headers=version_headers(version)) for version in (None, "0.3", "1.0")]
    tags = {answer.headers["etag"] for answer in answers}
    assert len(tags) == 3
    for version, answer in zip((None, "0.3", "1.0"), answers, strict=True):
        assert answer.headers["vary"] == "A2A-Version"
        for tag in tags:
            again = await http.get(CARD, headers={"If-None-Match": tag, **version_headers(version)})
            assert again.status_code == (304 if tag == answer.headers["etag"] else 200)
            assert again.headers["vary"] == "A2A-Version"


async def test_keys_do_not_vary(http: httpx.AsyncClient) -> None:
    assert "vary" not in (await http.get(JWKS)).headers


def odd_profiles(profile: Profile) -> list[Profile]:
    terms = Struct()
    terms.update(
        {"limits": {"first_cool_down_seconds": 0, "share": 1e21, "off": False}, "none": {}, "text": "é\u2028😀"}
    )
    required = frozenset({"https://staff0/a2a/attestation/v1"})
    odd_text = 'https://staff0/ag\u00e9nt\u2028\U0001f600"\\/<>\x7f'
    return [
        replace(profile, terms=terms),
        replace(profile, required_extensions=required),
        replace(profile, audience=odd_text, issuer=f"https://{odd_text}/"),
    ]


@pytest.mark.parametrize("number", range(3))
async def test_card_of_any_deployment_verifies(
    cards: SignedCards, write_once: WriteOnceStore, profile: Profile, number: int
) -> None:
    odd = SignedCards(odd_profiles(profile)[number], cards.key, write_once)
    extended = {variant: odd.extended(BASE_URL, variant) for variant in (CardVariant.V1_0, CardVariant.V0_3)}
    texts = [json.dumps(odd.public(BASE_URL, variant).document) for variant in CardVariant]
    texts.append(json.dumps(MessageToDict(extended[CardVariant.V1_0])))
    texts.append(v0_3_card(extended[CardVariant.V0_3]).model_dump_json(exclude_none=True, by_alias=True))
    keys = {"keys": [cards.key.jwk]}
    for text in texts:
        assert all(verified_signatures(text, keys, reading)[0] == 0 for reading in READINGS)
    for report in verified_signatures_in_javascript(texts, keys):
        assert report["asReceived"] == report["withoutDefaults"] == [0]
