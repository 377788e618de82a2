"""The agent, reached the safe way, and the three calls we make there."""

from dataclasses import dataclass

import httpx
from a2a.client import A2ACardResolver, AuthInterceptor, Client, ClientConfig, ClientFactory
from a2a.types import CancelTaskRequest, GetTaskRequest, Message, SendMessageRequest, Task

from client.access_token import TenantTokens
from client.agent_keys import PublishedKeys, fetch_keys, issuer_of, keys_url
from client.card_requirements import BINDINGS, check_card
from client.card_signature import check_signature, require_signature
from client.connection import Connection
from client.error_mapping import agent_failures
from client.errors import AgentRefused, BadStatement
from client.runtime_context import Clock, Time
from client.statement import Expected, Statement, verify_statement
from client.task_view import TaskView


@dataclass(frozen=True)
class Identity:
    """The agent by its address and the keys it signs with, and who we are there."""

    url: httpx.URL
    keys: PublishedKeys
    client_id: str


class Agent:
    """Each call raises AgentUnavailable, NotAuthorized, AgentRefused, or what getting a token raises."""

    def __init__(self, client: Client, identity: Identity, token_host: str, clock: Clock) -> None:
        self._client = client
        self._identity = identity
        self.url = identity.url
        self.token_host = token_host
        self._clock = clock

    async def send(self, message: Message) -> Task:
        """SendMessage, blocking: the task when it ends or is interrupted (A2A 3.2.2)."""
        with agent_failures(self.url, self._clock):
            async for answer in self._client.send_message(SendMessageRequest(message=message)):
                if answer.task.id:
                    return answer.task
        raise AgentRefused(f"The agent at {self.url} answered without a task.")

    async def get(self, task_id: str) -> Task:
        with agent_failures(self.url, self._clock):
            return await self._client.get_task(GetTaskRequest(id=task_id, history_length=0))

    async def cancel(self, task_id: str) -> Task:
        with agent_failures(self.url, self._clock):
            return await self._client.cancel_task(CancelTaskRequest(id=task_id))

    def attested(self, sighting: TaskView) -> Statement | BadStatement | None:
        """What the agent signed about this answer, verified; what is wrong with it; None where it signed nothing."""
        if sighting.attestation is None:
            return None
        expected = Expected(issuer_of(self.url), self._identity.client_id, sighting.task_id)
        try:
            return verify_statement(sighting.attestation, self._identity.keys, expected, self._clock())
        except BadStatement as flaw:
            return flaw


async def connect(http: httpx.AsyncClient, connection: Connection, time: Time) -> Agent:
    """Card, signature, checks, token: nothing secret is sent before the card passed. Any ClientError."""
    with agent_failures(connection.agent, time.clock):
        card = await A2ACardResolver(http, str(connection.agent)).get_agent_card()
    require_signature(card, str(connection.agent))
    keys = await fetch_keys(http, keys_url(issuer_of(connection.agent)))
    check_signature(card, str(connection.agent), keys)
    checked = check_card(card, connection.agent)
    tokens = TenantTokens(http, checked, connection, time.stopwatch)
    await tokens.token()
    config = ClientConfig(streaming=False, httpx_client=http, supported_protocol_bindings=list(BINDINGS))
    client = ClientFactory(config).create(checked.card, [AuthInterceptor(tokens)])
    return Agent(client, Identity(connection.agent, keys, connection.client_id), tokens.host, time.clock)
