"""Any card is accepted or refused with a reason, never with a traceback."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

import httpx
import pytest
from a2a.types import AgentCard
from google.protobuf.json_format import ParseDict
from hypothesis import given, settings
from hypothesis import strategies as st

from client.agent_keys import PublishedKeys
from client.card_requirements import AGENT_NAME, SCOPE, check_card
from client.card_signature import check_signature, require_signature
from client.errors import BadCard

AGENT: Final = httpx.URL("https://agent.example")
TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
URLS: Final = TEXT | st.builds(
    "{}://{}{}".format,
    st.sampled_from(["https", "http", ""]),
    st.sampled_from(["agent.example", "[", "[::1", "agent.example:99999999999999999999", "é", "a" * 70_000, "a..b"]),
    st.sampled_from(["", "/rpc", "\n", "?", ":443"]),
)
VERSIONS: Final = st.sampled_from(["1.0", "1", "1.0.0", "0.3", "", ".", "1." + "0" * 5_000]) | TEXT
INTERFACES: Final = st.builds(
    lambda url, binding, version: {"url": url, "protocolBinding": binding, "protocolVersion": version},
    URLS,
    st.sampled_from(["JSONRPC", "HTTP+JSON", "GRPC"]) | TEXT,
    VERSIONS,
)
SIGNATURES: Final = st.builds(
    lambda protected, signature: {"protected": protected, "signature": signature},
    TEXT | st.sampled_from(["e30", "W10", "bnVsbA", "eyJhbGciOiJub25lIn0", "eyJhbGciOiJFUzI1NiIsImtpZCI6W119"]),
    TEXT | st.sampled_from(["", "AA", "A" * 86]),
)
CARDS: Final = st.builds(
    lambda name, interfaces, signatures, scheme, token_url: {
        "name": name,
        "supportedInterfaces": interfaces,
        "signatures": signatures,
        "securityRequirements": [{"schemes": {scheme: {"list": [SCOPE]}}}],
        "securitySchemes": {
            "oauth": {
                "oauth2SecurityScheme": {
                    "flows": {"clientCredentials": {"tokenUrl": token_url, "scopes": {SCOPE: "Ask."}}}
                }
            }
        },
    },
    st.just(AGENT_NAME) | TEXT,
    st.lists(INTERFACES, max_size=3),
    st.lists(SIGNATURES, max_size=2),
    st.just("oauth") | TEXT,
    URLS,
)


def check_signatures(card: AgentCard) -> None:
    require_signature(card, str(AGENT))
    check_signature(card, str(AGENT), PublishedKeys("https://agent.example/.well-known/jwks.json", {}))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(CARDS)
def test_any_card_is_refused_without_its_key(card: dict[str, Any]) -> None:
    with pytest.raises(BadCard, match="signed"):
        check_signatures(ParseDict(card, AgentCard()))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(CARDS)
def test_any_card_is_accepted_or_refused(card: dict[str, Any]) -> None:
    """As if its signature had been verified."""
    with suppress(BadCard):
        usable = check_card(ParseDict(card, AgentCard()), AGENT)
        assert all(httpx.URL(each.url).host == AGENT.host for each in usable.card.supported_interfaces)
