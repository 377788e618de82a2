"""The JSON documents of a card: for A2A 1.0, for 0.3, and one that clients of both versions can read.

A document has no member with a default value. A reader removes those before it verifies a signature (A2A 8.4.3), and
readers differ in what they take for a default: without any, each of them gets the bytes that were signed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from a2a.types import AgentCard
from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0
from google.protobuf.json_format import MessageToDict

from hr_agent.http.protocol_version import supported_version

if TYPE_CHECKING:
    from a2a.compat.v0_3 import types as v03

type Json = dict[str, Any]


class CardVariant(StrEnum):
    """`COMBINED` has the members of both versions, for a client that does not name its version."""

    V1_0 = PROTOCOL_VERSION_1_0
    V0_3 = PROTOCOL_VERSION_0_3
    COMBINED = "combined"

    @property
    def signed(self) -> tuple[CardVariant, ...]:
        """The variants that the signatures of this one cover: itself first.

        A client of 1.0 that parses the combined card into its own types drops the members of 0.3 before it verifies.
        """
        return (self, CardVariant.V1_0) if self is CardVariant.COMBINED else (self,)


def variant_for(version: str) -> CardVariant:
    """The variant of the A2A version that a request names: `COMBINED` without a version or for an unknown one."""
    return CardVariant(supported_version(version) or CardVariant.COMBINED)


def card_document(card: AgentCard, variant: CardVariant) -> Json:
    """The JSON of an unsigned card, its members sorted as they are for the signature (RFC 8785).

    protobuf keeps a map in no order, so two processes would serve different bytes, with different ETags.
    """
    document: Json = _without_defaults(_to_json(card, variant))
    return document


def v0_3_card(card: AgentCard) -> v03.AgentCard:
    """A card, signed or not, in the types of A2A 0.3."""
    from a2a.compat.v0_3 import types as v03  # of A2A 0.3 only, and slow to import, as below

    return v03.AgentCard.model_validate(card_document(card, CardVariant.V0_3))


def _to_json(card: AgentCard, variant: CardVariant) -> Json:
    match variant:
        case CardVariant.V1_0:
            return MessageToDict(card)
        case CardVariant.V0_3:
            from a2a.compat.v0_3.conversions import to_compat_agent_card

            return to_compat_agent_card(card).model_dump(mode="json", exclude_none=True)
        case CardVariant.COMBINED:
            from a2a.server.request_handlers.response_helpers import agent_card_to_dict

            return agent_card_to_dict(card)


def _without_defaults(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [_without_defaults(item) for item in value]
    if isinstance(value, dict):
        members = {name: _without_defaults(member) for name, member in sorted(value.items())}
        return {name: member for name, member in members.items() if member}  # 0, False, "", [] and {} are defaults
    return value
