"""Client for the agent: connect, and the three A2A methods that are used."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx
from a2a.client import A2ACardResolver, AuthInterceptor, Client, ClientCallContext, ClientConfig, ClientFactory
from a2a.types import CancelTaskRequest, GetTaskRequest, Message, SendMessageRequest, Task
from a2a.utils.constants import PROTOCOL_VERSION_1_0, VERSION_HEADER

from client.access_token import AccessTokens
from client.agent_errors import map_agent_errors
from client.agent_keys import PublishedKeys, fetch_keys, issuer_of, jwks_url
from client.card_requirements import BINDINGS, check_card, declares_statements, longest_wait_seconds
from client.card_signature import check_signature, require_signature
from client.connection import Connection
from client.errors import AgentRefused, AgentUnavailable, BadStatement, MissingStatement
from client.runtime_context import Clock, Time
from client.statement import ExpectedClaims, StatementCheck, require_same_answer, verify_statement
from client.task_view import State, TaskView

CONNECT_SECONDS: Final = 30.0
WAIT_HEADER: Final = "Staff0-Wait"


@dataclass(frozen=True)
class Identity:
    """The agent's URL, the keys it signs with, our client id, and what its card declares.

    `longest_wait_seconds` is how long its GetTask can wait for a change; 0 if it cannot.
    """

    url: httpx.URL
    keys: PublishedKeys
    client_id: str
    declares_statements: bool
    longest_wait_seconds: int


class Agent:
    """Calls the agent. Each call raises AgentUnavailable, NotAuthorized, AgentRefused, or an error of AccessTokens."""

    def __init__(self, client: Client, identity: Identity, token_host: str, clock: Clock) -> None:
        self._client = client
        self._identity = identity
        self.url = identity.url
        self.longest_wait_seconds = identity.longest_wait_seconds
        self.token_host = token_host
        self._clock = clock

    async def send(self, message: Message) -> Task:
        """SendMessage, blocking: returns when the task is terminal or interrupted (A2A 3.2.2)."""
        with map_agent_errors(self.url, self._clock):
            async for response in self._client.send_message(SendMessageRequest(message=message)):
                if response.task.id:
                    return response.task
        raise AgentRefused(f"The agent at {self.url} answered without a task.")

    async def get(self, task_id: str) -> Task:
        return await self._get(task_id, context=None)

    async def get_newer(self, task_id: str, sequence: int, wait_seconds: int) -> Task:
        """The task once its `metadata.sequence` is higher or it has ended, else after `wait_seconds`."""
        header = {WAIT_HEADER: f"{wait_seconds};after={sequence}"}
        return await self._get(task_id, ClientCallContext(service_parameters=header))

    async def _get(self, task_id: str, context: ClientCallContext | None) -> Task:
        with map_agent_errors(self.url, self._clock):
            return await self._client.get_task(GetTaskRequest(id=task_id, history_length=0), context=context)

    async def cancel(self, task_id: str) -> Task:
        with map_agent_errors(self.url, self._clock):
            return await self._client.cancel_task(CancelTaskRequest(id=task_id))

    def verify_attestation(self, view: TaskView) -> StatementCheck:
        """Verifies the statement of this answer, and that it says the same. Raises UnreadableStatement."""
        if view.attestation is None:
            is_missing = self._identity.declares_statements and view.state is State.COMPLETED
            return MissingStatement() if is_missing else None
        expected = ExpectedClaims(issuer_of(self.url), self._identity.client_id, view.task_id)
        try:
            statement = verify_statement(view.attestation, self._identity.keys, expected, self._clock())
            require_same_answer(statement, view.employee_active, view.name_matches, view.details)
        except BadStatement as error:
            return error
        return statement


async def connect(http: httpx.AsyncClient, connection: Connection, time: Time) -> Agent:
    """Fetches and checks the card, then gets a token: no secret is sent before the card passed. Raises ClientError."""
    async with _within(CONNECT_SECONDS, connection.agent):
        return await _connect(http, connection, time)


@asynccontextmanager
async def _within(seconds: float, agent: httpx.URL) -> AsyncIterator[None]:
    """One deadline for all steps. Raises AgentUnavailable."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise AgentUnavailable(
            f"The agent at {agent} and its identity provider did not answer within {seconds:g} s. Try again later."
        ) from None


async def _connect(http: httpx.AsyncClient, connection: Connection, time: Time) -> Agent:
    with map_agent_errors(connection.agent, time.clock):
        resolver = A2ACardResolver(http, str(connection.agent))
        card = await resolver.get_agent_card(http_kwargs={"headers": {VERSION_HEADER: PROTOCOL_VERSION_1_0}})
    require_signature(card, str(connection.agent))
    keys = await fetch_keys(http, jwks_url(issuer_of(connection.agent)), connection.agent_keys)
    check_signature(card, str(connection.agent), keys)
    checked = check_card(card, connection.agent)
    tokens = AccessTokens(http, checked, connection, time.stopwatch)
    await tokens.token()
    config = ClientConfig(streaming=False, httpx_client=http, supported_protocol_bindings=list(BINDINGS))
    client = ClientFactory(config).create(checked.card, [AuthInterceptor(tokens)])
    identity = Identity(
        connection.agent,
        keys,
        connection.client_id,
        declares_statements=declares_statements(checked.card),
        longest_wait_seconds=longest_wait_seconds(checked.card),
    )
    return Agent(client, identity, tokens.host, time.clock)
