"""Cards and statements that a retired key signed can be verified with the published keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import msgspec
import pytest
from a2a.client.card_resolver import parse_agent_card
from a2a.utils.signing import create_signature_verifier
from hr_agent.application import AccessControl, create_app
from hr_agent.card.agent_card import Profile
from hr_agent.card.signed_card import SignedCards
from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.http.public_paths import CARD, JWKS
from hr_agent.protocol.request_handler import StatelessRequestHandler
from staff0.setting_types import RetiredKey
from staff0.signing import KmsEcSigningKey
from staff0.statement_format import TYPE
from staff0.tasks import WriteOnceStore

from tests.support.a2a_test_client import BASE_URL

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

type Deploy = Callable[..., httpx.AsyncClient]


@pytest.fixture
def new_key(kms: KMSClient) -> Callable[[], KmsEcSigningKey]:
    def make() -> KmsEcSigningKey:
        made = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        return KmsEcSigningKey(lambda: kms, made["KeyMetadata"]["KeyId"])

    return make


@pytest.fixture
def deploy(
    profile: Profile, handler: StatelessRequestHandler, access: AccessControl, write_once: WriteOnceStore
) -> Deploy:
    """The agent with these keys and with the table of the deployment before."""

    def deployed(card: KmsEcSigningKey, attestation: KmsEcSigningKey, *retired: KmsEcSigningKey) -> httpx.AsyncClient:
        jwks = [msgspec.to_builtins(msgspec.convert(key.jwk, RetiredKey)) for key in retired]
        cards = SignedCards(profile, card, write_once)
        well_known = WellKnownRoutes(cards, [card, attestation], write_once, jwks)
        transport = httpx.ASGITransport(app=create_app(handler, well_known, access))
        return httpx.AsyncClient(transport=transport, base_url=BASE_URL)

    return deployed


def statement(key: KmsEcSigningKey) -> str:
    return jwt.encode({"employee_active": True}, key, algorithm="ES256", headers={"typ": TYPE, "kid": key.kid})


async def published(http: httpx.AsyncClient) -> jwt.PyJWKSet:
    return jwt.PyJWKSet.from_dict((await http.get(JWKS)).json())


def verify_statement(token: str, keys: jwt.PyJWKSet) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], algorithms=["ES256"])
    return claims


def verify_card(card: dict[str, Any], keys: jwt.PyJWKSet) -> None:
    create_signature_verifier(lambda kid, _jku: keys[str(kid)], ["ES256"])(parse_agent_card(card))


async def test_old_and_new_key_verify_during_rotation(deploy: Deploy, new_key: Callable[[], KmsEcSigningKey]) -> None:
    old_card_key, old_key, card_key, key = (new_key() for _ in range(4))
    async with deploy(old_card_key, old_key) as before:
        old_card, old_keys = (await before.get(CARD)).json(), await published(before)
    async with deploy(card_key, key, old_card_key, old_key) as after:
        card, keys = (await after.get(CARD)).json(), await published(after)
    for each in (old_card, card):
        verify_card(each, keys)
    for signer in (old_key, key):
        assert verify_statement(statement(signer), keys) == {"employee_active": True}
    with pytest.raises(KeyError):  # a client with the old keys fetches them again
        verify_statement(statement(key), old_keys)


async def test_removed_key_does_not_verify(deploy: Deploy, new_key: Callable[[], KmsEcSigningKey]) -> None:
    old, key = new_key(), new_key()
    async with deploy(key, key) as http:
        keys = await published(http)
    with pytest.raises(KeyError):
        verify_statement(statement(old), keys)
