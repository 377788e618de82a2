"""The agent of both peers: the SDK's own server with tasks in memory, and an executor that waits for the approval.

Like the public sample, one process serves the agent and a small HR API. Runs in .local/venv-peers, where neither this
project's packages nor its settings are.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Self

import httpx
import jwt
import uvicorn
from a2a.helpers.proto_helpers import get_message_text, new_task_from_user_message, new_text_part
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_rest_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types import AgentCapabilities, AgentCard, AgentInterface, AgentSkill
from a2a.utils.errors import UnsupportedOperationError
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SCOPE: Final = "read:employee"
BINDING_MESSAGE: Final = "Staff0:HR"
_AGENT_SCOPE: Final = "read:employee_status"
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w.-]+\w")


@dataclass(frozen=True)
class Tenant:
    """The identity provider and two of its applications, each with its client_id and client_secret."""

    port: int
    issuer: str
    agent_audience: str
    hr_audience: str
    hr_agent: dict[str, str]
    directory: dict[str, str]

    @classmethod
    def from_argument(cls) -> Self:
        """Read from the command line, as JSON on standard input would delay the start."""
        return cls(**json.loads(sys.argv[1]))

    @property
    def own_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def login_hint(self, sub: str) -> str:
        return json.dumps({"format": "iss_sub", "iss": self.issuer, "sub": sub})


class AccessDenied(Exception):
    """The employee refused."""


type Authorize = Callable[[str], Awaitable[str]]
"""Asks the employee with this sub. Returns the access token, or raises AccessDenied."""


class Tokens:
    """Verifies access tokens with the tenant's keys, which are fetched once."""

    def __init__(self, tenant: Tenant) -> None:
        self._issuer = tenant.issuer
        self._keys = jwt.PyJWKClient(f"{tenant.issuer}.well-known/jwks.json", lifespan=3_600)

    def claims(self, request: Request, audience: str, scope: str) -> dict[str, Any] | None:
        """The claims of the bearer token; None if it is not valid for this audience and scope."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            claims: dict[str, Any] = jwt.decode(token, key, ["RS256"], audience=audience, issuer=self._issuer)
        except jwt.PyJWTError:
            return None
        return claims if scope in claims.get("scope", "").split() else None


class Directory:
    """Finds an employee by address, with a token that is fetched once."""

    def __init__(self, tenant: Tenant, http: httpx.AsyncClient) -> None:
        self._tenant, self._http = tenant, http
        self._token: str | None = None

    async def find(self, email: str) -> str:
        api = f"{self._tenant.issuer}api/v2/"
        if self._token is None:
            form = {"grant_type": "client_credentials", "audience": api, **self._tenant.directory}
            answer = await self._http.post(f"{self._tenant.issuer}oauth/token", data=form)
            self._token = str(answer.raise_for_status().json()["access_token"])
        headers = {"Authorization": f"Bearer {self._token}"}
        found = await self._http.get(f"{api}users-by-email", params={"email": email}, headers=headers)
        return str(found.raise_for_status().json()[0]["user_id"])


class Verification(AgentExecutor):
    """One question: finds the employee, waits for the approval, reads from the HR API and answers."""

    def __init__(self, tenant: Tenant, http: httpx.AsyncClient, authorize: Authorize) -> None:
        self._hr_api, self._http, self._authorize = f"{tenant.own_url}/employees", http, authorize
        self._directory = Directory(tenant, http)

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        assert context.message is not None
        task = context.current_task or new_task_from_user_message(context.message)
        await event_queue.enqueue_event(task)
        updater = TaskUpdater(event_queue, task.id, task.context_id)
        await updater.start_work()
        try:
            text = await self._answer(get_message_text(context.message))
        except AccessDenied:
            await updater.reject(updater.new_agent_message([new_text_part("The user denied the request.")]))
            return
        await updater.add_artifact([new_text_part(text)], name="current_result")
        await updater.complete()

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        raise UnsupportedOperationError("cancel not supported")

    async def _answer(self, question: str) -> str:
        [email] = _EMAIL.findall(question)
        sub = await self._directory.find(email)
        headers = {"Authorization": f"Bearer {await self._authorize(sub)}"}
        answer = await self._http.get(f"{self._hr_api}/{sub}", headers=headers)
        return f"Yes, {email} works here." if answer.is_success else f"The HR API answers {answer.status_code}."


def serve(tenant: Tenant, authorize: Authorize) -> None:
    """Serves until the process is killed."""
    asyncio.run(_serve(tenant, authorize))


async def _serve(tenant: Tenant, authorize: Authorize) -> None:
    tokens = Tokens(tenant)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    async with httpx.AsyncClient(trust_env=False, timeout=30, limits=limits) as http:
        card = _card(tenant.own_url)
        handler = DefaultRequestHandler(Verification(tenant, http, authorize), InMemoryTaskStore(), card)
        employees = Route("/employees/{sub:path}", _hr_api(tenant, tokens))
        a2a = create_rest_routes(handler, path_prefix="/v1")
        app = Starlette(routes=[*create_agent_card_routes(card), employees, *a2a])
        app.add_middleware(BaseHTTPMiddleware, dispatch=_guard(tenant, tokens))
        await uvicorn.Server(uvicorn.Config(app, port=tenant.port, log_level="warning")).serve()


def _guard(tenant: Tenant, tokens: Tokens) -> Callable[[Request, RequestResponseEndpoint], Awaitable[Response]]:
    async def dispatch(request: Request, call_next: RequestResponseEndpoint) -> Response:
        is_public = not request.url.path.startswith("/v1/")
        if is_public or tokens.claims(request, tenant.agent_audience, _AGENT_SCOPE):
            return await call_next(request)
        return JSONResponse({"error": "unauthorized"}, 401)

    return dispatch


def _hr_api(tenant: Tenant, tokens: Tokens) -> Callable[[Request], Response]:
    def read(request: Request) -> Response:
        claims = tokens.claims(request, tenant.hr_audience, SCOPE)
        sub = request.path_params["sub"]
        return JSONResponse({"employee_id": sub}, 200 if claims and claims["sub"] == sub else 403)

    return read


def _card(url: str) -> AgentCard:
    skill = AgentSkill(
        id="is_active_employee",
        name="Check Employment Status Tool",
        description="Confirm whether a person is an active employee of the company.",
        tags=["employment status"],
    )
    return AgentCard(
        name="Staff0 HR Agent",
        description="This agent handles external verification requests about Staff0 employees made by third parties.",
        version="0.1.0",
        supported_interfaces=[AgentInterface(url=f"{url}/v1", protocol_binding="HTTP+JSON", protocol_version="1.0")],
        capabilities=AgentCapabilities(streaming=True),
        default_input_modes=["text/plain"],
        default_output_modes=["text/plain"],
        skills=[skill],
    )
