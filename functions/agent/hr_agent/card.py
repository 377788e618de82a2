"""The agent card (A2A 8): who this agent is, what it can do and how to get in."""

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

from hr_agent.authentication import REQUIRED_SCOPE

_SCHEME = "tenant"


def agent_card(base_url: str, issuer: str, audience: str) -> AgentCard:
    """The card of an agent served at `base_url` (no trailing slash)."""
    return AgentCard(
        name="Staff0 HR Agent",
        description="This agent handles external verification requests about Staff0 employees made by third parties.",
        version="1.0.0",
        supported_interfaces=[
            AgentInterface(url=f"{base_url}/rpc", protocol_binding="JSONRPC", protocol_version="1.0"),
            AgentInterface(url=f"{base_url}/v1", protocol_binding="HTTP+JSON", protocol_version="1.0"),
        ],
        capabilities=AgentCapabilities(streaming=True, push_notifications=True, extended_agent_card=False),
        default_input_modes=["text", "text/plain"],
        default_output_modes=["text", "text/plain", "application/json"],
        skills=[
            AgentSkill(
                id="is_active_employee",
                name="Check Employment Status Tool",
                description="Confirm whether a person is an active employee of the company.",
                tags=["employment status"],
                examples=["Does John Doe with email jdoe@staff0.com work at Staff0?"],
            )
        ],
        security_schemes={_SCHEME: _scheme(issuer, audience)},
        security_requirements=[SecurityRequirement(schemes={_SCHEME: StringList(list=[REQUIRED_SCOPE])})],
    )


def _scheme(issuer: str, audience: str) -> SecurityScheme:
    flow = ClientCredentialsOAuthFlow(
        token_url=f"{issuer}oauth/token", scopes={REQUIRED_SCOPE: "Ask whether a person works at Staff0."}
    )
    # The card has no field for an audience, and Auth0 gives no token without one (A2A 8.2).
    described = f"OAuth 2.0 client credentials of a registered caller, for the audience {audience}."
    return SecurityScheme(
        oauth2_security_scheme=OAuth2SecurityScheme(description=described, flows=OAuthFlows(client_credentials=flow))
    )
