"""Checks of the agent card before any request is sent to the agent (A2A 5 and 8)."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
from a2a.types import AgentCard, AgentInterface
from a2a.utils.constants import PROTOCOL_VERSION_1_0, TransportProtocol
from google.protobuf.struct_pb2 import Struct

from client.addresses import origin, parse_url
from client.errors import BadCard
from client.statement import EXTENSION

AGENT_NAME = "Staff0 HR Agent"
SCOPE = "read:employee_status"
BINDINGS = (TransportProtocol.JSONRPC, TransportProtocol.HTTP_JSON)
WAIT_EXTENSION = "https://staff0/a2a/wait/v1"
MAX_WAIT_SECONDS = 20  # an HTTP API ends a request after 30 s


@dataclass(frozen=True)
class CheckedCard:
    """A card with the supported interfaces only; `scheme` is the name of its client-credentials scheme."""

    card: AgentCard
    scheme: str
    token_url: str


def check_card(card: AgentCard, agent: httpx.URL) -> CheckedCard:
    """Returns the card if it can be used. Raises BadCard, which says what is wrong with it."""
    if card.name != AGENT_NAME:
        raise BadCard(f"The card at {agent} belongs to {card.name!r}, not to the {AGENT_NAME}. Check --agent.")
    interfaces = _interfaces(card, agent)
    scheme, token_url = _client_credentials(card, agent)
    reduced = AgentCard()
    reduced.CopyFrom(card)
    del reduced.supported_interfaces[:]
    reduced.supported_interfaces.extend(interfaces)
    return CheckedCard(reduced, scheme, token_url)


def declares_statements(card: AgentCard) -> bool:
    """Whether each answer must have a signed statement (A2A 4.6)."""
    return any(extension.uri == EXTENSION for extension in card.capabilities.extensions)


def longest_wait_seconds(card: AgentCard) -> int:
    """How long GetTask may wait for a change of the task; 0 if the card does not say that it can (A2A 4.6)."""
    found = (extension.params for extension in card.capabilities.extensions if extension.uri == WAIT_EXTENSION)
    seconds = dict(next(found, Struct())).get("max_seconds")
    return int(min(max(seconds, 0), MAX_WAIT_SECONDS)) if isinstance(seconds, float) else 0


def _interfaces(card: AgentCard, agent: httpx.URL) -> list[AgentInterface]:
    supported = [interface for interface in card.supported_interfaces if _is_supported(interface)]
    if not supported:
        raise BadCard(
            f"The agent at {agent} offers no interface of A2A {PROTOCOL_VERSION_1_0} over {' or '.join(BINDINGS)}."
        )
    for interface in supported:
        url = parse_url(interface.url)
        # The token would be sent to this URL.
        if url is None or origin(url) != origin(agent):
            raise BadCard(
                f"The card at {agent} names an interface at another address ({interface.url}); nothing was sent there. "
                "If that is the agent you mean, give its address as --agent."
            )
    return supported


def _is_supported(interface: AgentInterface) -> bool:
    release = ".".join(interface.protocol_version.split(".")[:2])
    return interface.protocol_binding in BINDINGS and release == PROTOCOL_VERSION_1_0


def _client_credentials(card: AgentCard, agent: httpx.URL) -> tuple[str, str]:
    found = next(_client_credentials_flows(card), None)
    if found is None:
        raise BadCard(f"The card at {agent} has no OAuth2 client-credentials scheme with the scope {SCOPE}.")
    return found


def _client_credentials_flows(card: AgentCard) -> Iterator[tuple[str, str]]:
    required = {name for requirement in card.security_requirements for name in requirement.schemes}
    for name, scheme in card.security_schemes.items():
        flow = scheme.oauth2_security_scheme.flows.client_credentials
        if name in required and SCOPE in flow.scopes:
            yield name, flow.token_url
