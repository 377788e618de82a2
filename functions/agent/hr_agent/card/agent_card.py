"""The agent card (A2A 8): the agent's identity, capabilities, interfaces and authentication."""

from dataclasses import dataclass
from typing import Final

from a2a.types import (
    AgentCapabilities,
    AgentCard,
    AgentInterface,
    AgentSkill,
    ClientCredentialsOAuthFlow,
    OAuth2SecurityScheme,
    OAuthFlows,
    SecurityRequirement,
    SecurityScheme,
    StringList,
)
from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0, TransportProtocol
from google.protobuf.struct_pb2 import Struct
from staff0.skills import Skill, Skills

from hr_agent.card.declared_extensions import declared_extensions
from hr_agent.http import public_paths
from hr_agent.http.extensions import TERMS
from hr_agent.http.media_types import INPUT_MODES, OUTPUT_MODES
from hr_agent.limits import REQUIRED_SCOPE

AGENT_NAME: Final = "Staff0 HR Agent"
_SCHEME_NAME = "tenant"


@dataclass(frozen=True)
class Profile:
    """The contents of a card that depend on the deployment, without its base URL.

    `token_url` is where a caller gets its token, `terms` are the params of the terms extension, `skills` the questions.
    `required_extensions` are URIs.
    """

    issuer: str
    token_url: str
    audience: str
    terms: Struct
    skills: Skills
    required_extensions: frozenset[str] = frozenset()

    @property
    def scopes(self) -> dict[str, str]:
        """What a caller's token may hold, with a description of each scope."""
        return {skill.scope: skill.description for skill in self.skills}


def agent_card(profile: Profile, base_url: str) -> AgentCard:
    """The public card, unsigned; the base URL has no trailing slash."""
    return AgentCard(
        name=AGENT_NAME,
        description="This agent handles external verification requests about Staff0 employees made by third parties.",
        version="1.0.0",
        documentation_url=f"{base_url}{public_paths.GUIDE}",
        supported_interfaces=_interfaces(base_url),
        capabilities=AgentCapabilities(
            streaming=True,
            push_notifications=True,
            extended_agent_card=True,
            extensions=declared_extensions(profile.required_extensions, base_url, profile.skills),
        ),
        default_input_modes=INPUT_MODES,
        default_output_modes=OUTPUT_MODES,
        skills=[_agent_skill(skill) for skill in profile.skills],
        security_schemes={_SCHEME_NAME: _security_scheme(profile)},
        security_requirements=[_security_requirement(REQUIRED_SCOPE)],
    )


def extended_card(profile: Profile, base_url: str) -> AgentCard:
    """The public card, unsigned, with the service terms for a known caller (A2A 3.1.11)."""
    card = agent_card(profile, base_url)
    [terms] = [extension for extension in card.capabilities.extensions if extension.uri == TERMS]
    terms.params.CopyFrom(profile.terms)
    return card


def _agent_skill(skill: Skill) -> AgentSkill:
    return AgentSkill(
        id=skill.id,
        name=skill.name,
        description=skill.description,
        tags=skill.tags,
        examples=skill.examples,
        security_requirements=[_security_requirement(*dict.fromkeys([REQUIRED_SCOPE, skill.scope]))],
    )


def _security_requirement(*scopes: str) -> SecurityRequirement:
    return SecurityRequirement(schemes={_SCHEME_NAME: StringList(list=scopes)})


def _interfaces(base_url: str) -> list[AgentInterface]:
    """Both bindings in both versions at the same URLs, the newer version first."""
    bindings = {TransportProtocol.JSONRPC: f"{base_url}/rpc", TransportProtocol.HTTP_JSON: f"{base_url}/v1"}
    return [
        AgentInterface(url=url, protocol_binding=binding, protocol_version=version)
        for version in (PROTOCOL_VERSION_1_0, PROTOCOL_VERSION_0_3)
        for binding, url in bindings.items()
    ]


def _security_scheme(profile: Profile) -> SecurityScheme:
    flow = ClientCredentialsOAuthFlow(token_url=profile.token_url, scopes=profile.scopes)
    # The card has no field for the audience, without which Auth0 issues no token (A2A 8.2).
    description = f"OAuth 2.0 client credentials of a registered caller, for the audience {profile.audience}."
    return SecurityScheme(
        oauth2_security_scheme=OAuth2SecurityScheme(description=description, flows=OAuthFlows(client_credentials=flow))
    )
