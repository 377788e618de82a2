"""Cards are signed once, all instances serve the same bytes, and an outage is answered with 503."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from a2a.client import A2ACardResolver
from a2a.client.card_resolver import parse_agent_card
from a2a.types import AgentCard, AgentCardSignature
from a2a.utils.signing import InvalidSignaturesError, create_signature_verifier
from botocore.client import BaseClient
from hr_agent.application import AccessControl, create_app
from hr_agent.card.agent_card import agent_card
from hr_agent.card.card_variants import CardVariant
from hr_agent.card.signed_card import SignedCards
from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.http.public_paths import CARD, JWKS, OLD_CARD
from hr_agent.protocol.request_handler import StatelessRequestHandler
from jwt.utils import base64url_decode
from staff0.signing import KmsEcSigningKey
from staff0.tasks import WriteOnceStore

from tests.support.a2a_test_client import BASE_URL, Agent
from tests.support.clock import FakeClock
from tests.support.moto_differences import calls, outage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

PATHS = [CARD, OLD_CARD, JWKS]


@pytest.fixture
def other_instance(  # noqa: PLR0917 - each a part of the environment
    cards: SignedCards,
    well_known: WellKnownRoutes,
    handler: StatelessRequestHandler,
    access: AccessControl,
    kms: KMSClient,
    write_once: WriteOnceStore,
) -> Any:
    """Another instance of the same deployment, or of one with another key."""

    def create(key_id: str | None = None) -> httpx.AsyncClient:
        key = KmsEcSigningKey(lambda: kms, key_id or cards.key.key_id)
        other_cards = SignedCards(cards.profile, key, write_once)
        app = create_app(handler, WellKnownRoutes(other_cards, [key, well_known._keys[1]], write_once), access)
        transport = httpx.ASGITransport(app=app)
        return httpx.AsyncClient(transport=transport, base_url=BASE_URL)

    return create


async def verify(http: httpx.AsyncClient, card: dict[str, Any]) -> None:
    """Verifies a card as a client does. Raises InvalidSignaturesError."""
    keys = jwt.PyJWKSet.from_dict((await http.get(JWKS)).json())
    create_signature_verifier(lambda kid, _jku: keys[str(kid)], ["ES256"])(parse_agent_card(card))


def protected_header(card: dict[str, Any]) -> Any:
    [header] = {signature["protected"] for signature in card["signatures"]}
    return json.loads(base64url_decode(header))


@pytest.mark.parametrize("headers", [{}, {"A2A-Version": "1.0"}])
async def test_sdk_resolver_verifies_card(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    keys = jwt.PyJWKSet.from_dict((await http.get(JWKS)).json())
    verifier = create_signature_verifier(lambda kid, _jku: keys[str(kid)], ["ES256"])
    resolver = A2ACardResolver(http, BASE_URL)
    assert await resolver.get_agent_card(http_kwargs={"headers": headers}, signature_verifier=verifier)


async def test_changed_card_does_not_verify(http: httpx.AsyncClient) -> None:
    card = (await http.get(CARD)).json()
    card["supportedInterfaces"][0]["url"] = "https://evil.example/rpc"
    with pytest.raises(InvalidSignaturesError):
        await verify(http, card)


async def test_protected_header(http: httpx.AsyncClient) -> None:
    card, keys = (await http.get(CARD)).json(), (await http.get(JWKS)).json()["keys"]
    assert protected_header(card) == {
        "alg": "ES256",
        "typ": "JOSE",
        "kid": keys[0]["kid"],
        "jku": f"{BASE_URL}/.well-known/jwks.json",
    }


async def test_jwks_has_public_keys_only(http: httpx.AsyncClient) -> None:
    answer = await http.get(JWKS)
    assert answer.headers["content-type"] == "application/jwk-set+json"
    card_key, attestation_key = answer.json()["keys"]
    assert card_key["kid"] != attestation_key["kid"]
    for key in (card_key, attestation_key):
        assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
        assert (key["use"], key["alg"]) == ("sig", "ES256")


@pytest.mark.parametrize("path", PATHS)
async def test_all_instances_serve_same_bytes(
    http: httpx.AsyncClient, other_instance: Any, clock: FakeClock, path: str
) -> None:
    first = await http.get(path)
    clock.advance(86_400)
    again = await other_instance().get(path)
    assert again.content == first.content
    for header in ("etag", "last-modified"):
        assert again.headers[header] == first.headers[header]
    assert first.headers["last-modified"] == "Mon, 05 Jan 2026 09:00:00 GMT"


@pytest.mark.parametrize("path", PATHS)
async def test_unchanged_document_gets_304(http: httpx.AsyncClient, path: str) -> None:
    first = await http.get(path)
    assert first.headers["cache-control"] == "public, max-age=300"
    for condition in ({"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}):
        again = await http.get(path, headers=condition)
        assert (again.status_code, again.content) == (304, b"")


async def test_new_instance_reads_once_and_signs_nothing(
    http: httpx.AsyncClient, other_instance: Any, kms: KMSClient, dynamodb: DynamoDBClient
) -> None:
    for path in (CARD, OLD_CARD):
        await http.get(path)
    kms_calls, dynamodb_calls = calls(kms), calls(dynamodb)
    new = other_instance()
    for path in (CARD, OLD_CARD, CARD):
        assert (await new.get(path)).status_code == 200
    assert (kms_calls, dynamodb_calls) == ([], ["GetItem", "GetItem"])  # one for each variant


async def test_other_key_signs_again(http: httpx.AsyncClient, other_instance: Any, attestation_key: str) -> None:
    first, other = (await http.get(CARD)).json(), (await other_instance(attestation_key).get(CARD)).json()
    assert protected_header(first)["kid"] != protected_header(other)["kid"]
    await verify(other_instance(attestation_key), other)


async def test_other_card_is_signed_again(cards: SignedCards, write_once: WriteOnceStore) -> None:
    required = replace(cards.profile, required_extensions=frozenset({"https://staff0/a2a/attestation/v1"}))
    before = cards.public(BASE_URL, CardVariant.V1_0).document
    changed = SignedCards(required, cards.key, write_once).public(BASE_URL, CardVariant.V1_0).document
    assert changed["capabilities"]["extensions"][0]["required"]
    assert changed["signatures"][0]["signature"] != before["signatures"][0]["signature"]


async def test_table_contents_cannot_change_documents(
    http: httpx.AsyncClient, other_instance: Any, dynamodb: DynamoDBClient
) -> None:
    jwks_before, card = (await http.get(JWKS)).content, (await http.get(CARD)).json()
    forgery = AgentCardSignature(protected=card["signatures"][0]["protected"], signature="AAAA")
    forged = AgentCard(name="Another agent", signatures=[forgery]).SerializeToString()
    for item in dynamodb.scan(TableName="tasks")["Items"]:
        dynamodb.put_item(TableName="tasks", Item={**item, "content": {"B": forged}})
    assert (await other_instance().get(JWKS)).content == jwks_before
    served = (await other_instance().get(CARD)).json()
    assert served | {"signatures": card["signatures"]} == card
    with pytest.raises(InvalidSignaturesError):
        await verify(http, served)


async def test_signature_of_older_version_is_ignored(
    http: httpx.AsyncClient, cards: SignedCards, write_once: WriteOnceStore
) -> None:
    """After an update in place the table has signatures under names that were made from the card's protobuf bytes."""
    content = agent_card(cards.profile, BASE_URL).SerializeToString(deterministic=True) + cards.key.key_id.encode()
    older = AgentCardSignature(protected="e30", signature="AAAA").SerializeToString()
    write_once.get_or_create(f"signature:{hashlib.sha256(content).hexdigest()}", lambda: older)
    await verify(http, (await http.get(CARD)).json())


@pytest.mark.parametrize("service", ["kms", "dynamodb"])
@pytest.mark.parametrize("path", PATHS)
async def test_outage_is_503_and_not_cached(
    http: httpx.AsyncClient, request: pytest.FixtureRequest, service: str, path: str
) -> None:
    client: BaseClient = request.getfixturevalue(service)
    with outage(client):
        answer = await http.get(path)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "aws" not in answer.text
    assert (await http.get(path)).status_code == 200


async def test_outage_of_extended_card_is_503(agent: Agent, kms: KMSClient) -> None:
    with outage(kms):
        answer = await agent.http.get("/v1/extendedAgentCard", headers=agent.headers)
    assert answer.status_code == 503
    assert (await agent.extended_card())["signatures"]
