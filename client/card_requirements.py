"""What the agent's card must say before we send it anything (A2A 5 and 8)."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
from a2a.types import AgentCard, AgentInterface
from a2a.utils.constants import PROTOCOL_VERSION_1_0, TransportProtocol

from client.addresses import origin, parse_url
from client.errors import BadCard

AGENT_NAME = "Staff0 HR Agent"
SCOPE = "read:employee_status"
BINDINGS = (TransportProtocol.JSONRPC, TransportProtocol.HTTP_JSON)


@dataclass(frozen=True)
class CheckedCard:
    """A card cut down to the interfaces we speak; `scheme` is the name of its client-credentials scheme."""

    card: AgentCard
    scheme: str
    token_url: str


def check_card(card: AgentCard, agent: httpx.URL) -> CheckedCard:
    """The card, ready to use; BadCard says what is wrong with it."""
    if card.name != AGENT_NAME:
        raise BadCard(f"The card at {agent} is of {card.name!r}, not of the {AGENT_NAME}. Check --agent.")
    interfaces = _interfaces(card, agent)
    scheme, token_url = _client_credentials(card, agent)
    cut_down = AgentCard()
    cut_down.CopyFrom(card)
    del cut_down.supported_interfaces[:]
    cut_down.supported_interfaces.extend(interfaces)
    return CheckedCard(cut_down, scheme, token_url)


def _interfaces(card: AgentCard, agent: httpx.URL) -> list[AgentInterface]:
    spoken = [interface for interface in card.supported_interfaces if _is_spoken(interface)]
    if not spoken:
        raise BadCard(
            f"The agent at {agent} offers no interface of A2A {PROTOCOL_VERSION_1_0} over {' or '.join(BINDINGS)}."
        )
    for interface in spoken:
        url = parse_url(interface.url)
        # Our token would go there.
        if url is None or origin(url) != origin(agent):
            raise BadCard(
                f"The card at {agent} names an interface elsewhere ({interface.url}); nothing was sent there. "
                "Give --agent as the card has it, if that is the agent you mean."
            )
    return spoken


def _is_spoken(interface: AgentInterface) -> bool:
    release = ".".join(interface.protocol_version.split(".")[:2])
    return interface.protocol_binding in BINDINGS and release == PROTOCOL_VERSION_1_0


def _client_credentials(card: AgentCard, agent: httpx.URL) -> tuple[str, str]:
    found = next(_offers(card), None)
    if found is None:
        raise BadCard(f"The card at {agent} has no OAuth2 client-credentials scheme with the scope {SCOPE}.")
    return found


def _offers(card: AgentCard) -> Iterator[tuple[str, str]]:
    required = {name for requirement in card.security_requirements for name in requirement.schemes}
    for name, scheme in card.security_schemes.items():
        flow = scheme.oauth2_security_scheme.flows.client_credentials
        if name in required and SCOPE in flow.scopes:
            yield name, flow.token_url
