"""The agent, reached the safe way, and the three calls we make there."""

import httpx
from a2a.client import A2ACardResolver, AuthInterceptor, Client, ClientConfig, ClientFactory
from a2a.types import CancelTaskRequest, GetTaskRequest, Message, SendMessageRequest, Task

from client.card import BINDINGS, check_card
from client.clock import Clock, Time
from client.connection import Connection
from client.errors import AgentRefused
from client.failures import agent_failures
from client.tokens import TenantTokens


class Agent:
    """Each call raises AgentUnavailable, NotAuthorized, AgentRefused, or what getting a token raises."""

    def __init__(self, client: Client, url: httpx.URL, token_host: str, clock: Clock) -> None:
        self._client = client
        self.url = url
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


async def connect(http: httpx.AsyncClient, connection: Connection, time: Time) -> Agent:
    """Card, checks, token: nothing secret is sent before the card passed. Any ClientError."""
    with agent_failures(connection.agent, time.clock):
        card = await A2ACardResolver(http, str(connection.agent)).get_agent_card()
    checked = check_card(card, connection.agent)
    tokens = TenantTokens(http, checked, connection, time.stopwatch)
    await tokens.token()
    config = ClientConfig(streaming=False, httpx_client=http, supported_protocol_bindings=list(BINDINGS))
    client = ClientFactory(config).create(checked.card, [AuthInterceptor(tokens)])
    return Agent(client, connection.agent, tokens.host, time.clock)
