"""The agent as the SDK's documentation starts it: its server in FastAPI, and boto3 with all of its data."""

import boto3
import jwt
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore
from a2a.types import AgentCapabilities, AgentCard, AgentInterface, AgentSkill
from fastapi import FastAPI
from mangum import Mangum

dynamodb = boto3.client("dynamodb")


class Executor(AgentExecutor):
    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        jwt.decode("", options={"verify_signature": False})

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        pass


card = AgentCard(
    name="naive",
    description="answers",
    version="1",
    supported_interfaces=[
        AgentInterface(url="https://a.example/rpc", protocol_binding="JSONRPC", protocol_version="1.0")
    ],
    capabilities=AgentCapabilities(streaming=True),
    default_input_modes=["text/plain"],
    default_output_modes=["text/plain"],
    skills=[AgentSkill(id="answer", name="answer", description="answers", tags=["answer"])],
)
app = FastAPI()
app.router.routes.extend(create_agent_card_routes(card))
app.router.routes.extend(create_jsonrpc_routes(DefaultRequestHandler(Executor(), InMemoryTaskStore(), card), "/rpc"))
handler = Mangum(app, lifespan="off")
