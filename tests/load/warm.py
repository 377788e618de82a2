"""Warm CPU of one call through Mangum: this agent, and the SDK's own in-memory agent doing the same in the same run.

python -m tests.load.warm

Both answer the same question with the same task. Ours checks the caller's token first, theirs accepts every request.
On our side memory replaces the AWS client, because the SDK's agent keeps its tasks in memory. So this is the cost of
our code and its libraries without botocore (about 0.7 ms for each AWS call).
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import jwt
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_jsonrpc_routes
from a2a.server.tasks import InMemoryTaskStore
from a2a.types import Task, TaskStatusUpdateEvent
from a2a.utils.errors import UnsupportedOperationError
from fastapi import FastAPI
from hr_agent.application import AccessControl, create_app
from hr_agent.card.agent_card import Profile, agent_card
from hr_agent.card.service_terms import ServiceTerms
from hr_agent.card.signed_card import SignedCards
from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.http.cached_caller_registry import CachedCallerRegistry
from hr_agent.http.cached_token_verifier import CachedTokenVerifier
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.event_stream import EventStreams
from hr_agent.methods.push_notification_configs import PushNotificationConfigs
from hr_agent.methods.send_message import SendMessage
from hr_agent.protocol.request_handler import StatelessRequestHandler
from hr_agent.questions import replies
from hr_agent.questions.rule_parser import RuleParser
from mangum import Mangum
from staff0.auth import TokenVerifier
from staff0.clock import utc_now
from staff0.encryption import KmsEncryptor
from staff0.signing import KmsEcSigningKey
from staff0.skills import SKILLS
from staff0.tasks import (
    AuditTrail,
    EventLog,
    PushConfigStore,
    TaskState,
    TaskStore,
    WriteOnceStore,
    with_status,
    with_user_message,
)
from starlette.applications import Starlette

from tests.load.bench_rows import Row, write_rows
from tests.support.fake_callers import KnownCallers
from tests.support.fixed_person_keys import PERSON_KEYS
from tests.support.memory_table import MemoryTable
from tests.support.tokens import AGENT_AUDIENCE, ISSUER, machine_token, public_jwk

ROUNDS: Final = 15
CALLS: Final = 60
BUDGET: Final = 1.30
URL: Final = "https://a.example"
PROFILE: Final = Profile(
    ISSUER, f"{ISSUER}oauth/token", AGENT_AUDIENCE, ServiceTerms(300, 100, 5, 3, 30, 200, 60, 20).params(), SKILLS
)
QUESTION: Final = "Does John Doe with email jdoe@staff0.com work at Staff0?"

type Json = dict[str, Any]


class KnownKeys:
    """The keys of the issuer, cached as in a warm environment."""

    def refresh(self) -> None:
        pass

    @cache  # noqa: B019 - one instance per run
    def find(self, kid: str) -> jwt.PyJWK:
        return jwt.PyJWK(public_jwk(kid))


class IdleWorkflow:
    """Starting an execution is one call of the AWS SDK."""

    def start(self, task_id: str) -> None:
        pass

    def stop(self, task_id: str) -> None:
        pass


class SameAnswer(AgentExecutor):
    """Creates the same answer as our SendMessage with the SDK: a new task with one message.

    It ends the task too: one that waits would stay in the SDK's memory for good.
    """

    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        task = with_user_message(Task(id=context.task_id, context_id=context.context_id), context.message)  # type: ignore[arg-type]
        task = with_status(task, TaskState.SUBMITTED, replies.RECEIVED, utc_now())
        await event_queue.enqueue_event(task)
        ended = with_status(task, TaskState.FAILED, replies.RECEIVED, utc_now())
        update = TaskStatusUpdateEvent(task_id=task.id, context_id=task.context_id, status=ended.status)
        await event_queue.enqueue_event(update)

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        raise UnsupportedOperationError("the measurement cancels no task")


def ours() -> Starlette:
    table: Any = MemoryTable()
    tasks = CallerTasks(TaskStore(table, "tasks", utc_now, AuditTrail("audit", retention_days=365)), utc_now)
    configs = PushConfigStore(table, "tasks", utc_now)
    push_configs = PushNotificationConfigs(tasks, configs, KmsEncryptor(no_kms, ""), allow_loopback=False)
    workflow = IdleWorkflow()
    send = SendMessage(
        tasks=tasks,
        push_configs=push_configs,
        workflow=workflow,
        parser=RuleParser(SKILLS),
        person_keys=PERSON_KEYS,
        clock=utc_now,
        sleep=asyncio.sleep,
        new_id=lambda: str(uuid.uuid4()),
        expiry_seconds=300,
    )
    write_once = WriteOnceStore(table, "tasks", utc_now)
    cards = SignedCards(PROFILE, KmsEcSigningKey(no_kms, ""), write_once)
    streams = EventStreams(EventLog(table, "tasks", utc_now), utc_now, asyncio.sleep, 20)
    verifier = CachedTokenVerifier(TokenVerifier(ISSUER, AGENT_AUDIENCE, KnownKeys()), utc_now)
    access = AccessControl(verifier, CachedCallerRegistry(KnownCallers.of("acme-client"), utc_now), URL)
    handler = StatelessRequestHandler(send, tasks, workflow, push_configs, streams, cards)
    return create_app(handler, WellKnownRoutes(cards, [], write_once), access)


def no_kms() -> Any:
    raise AssertionError("no card is signed here")


def the_sdks() -> FastAPI:
    handler = DefaultRequestHandler(SameAnswer(), InMemoryTaskStore(), agent_card(PROFILE, URL))
    app = FastAPI(openapi_url=None)
    app.router.routes.extend(create_jsonrpc_routes(handler, "/rpc"))
    return app


@dataclass(frozen=True)
class Agent:
    """One application behind Mangum, as Lambda calls it."""

    handler: Mangum
    token: str

    @classmethod
    def of(cls, app: Starlette) -> Agent:
        modes = ["text/", "application/json", "application/a2a+json"]
        return cls(Mangum(app, lifespan="off", text_mime_types=modes), machine_token("acme-client"))

    def call(self, method: str, params: Json) -> Json:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        answer: Json = json.loads(self.handler(self._event(body), None)["body"])  # type: ignore[arg-type]
        result: Json = answer["result"]
        return result

    def send(self) -> str:
        message = {"messageId": str(uuid.uuid4()), "role": "ROLE_USER", "parts": [{"text": QUESTION}]}
        configuration = {"returnImmediately": True}
        task_id: str = self.call("SendMessage", {"message": message, "configuration": configuration})["task"]["id"]
        return task_id

    def get(self, task_id: str) -> str:
        found: str = self.call("GetTask", {"id": task_id})["id"]
        return found

    def _event(self, body: str) -> Json:
        headers = {
            "host": "a.example",
            "content-type": "application/json",
            "a2a-version": "1.0",
            "authorization": f"Bearer {self.token}",
        }
        http = {"method": "POST", "path": "/rpc", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "bench"}
        context = {"http": http, "stage": "$default", "domainName": "a.example", "requestId": "r"}
        return {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": "/rpc",
            "rawQueryString": "",
            "headers": headers,
            "requestContext": context,
            "body": body,
            "isBase64Encoded": False,
        }


def microseconds(call: Callable[[], object]) -> float:
    """CPU of one call, all threads of the process included."""
    begin = time.process_time()
    for _ in range(CALLS):
        call()
    return (time.process_time() - begin) / CALLS * 1e6


def compare(name: str, mine: Callable[[], object], theirs: Callable[[], object]) -> Row:
    """Measures both in turn, so that a busy moment affects both."""
    microseconds(mine), microseconds(theirs)
    rounds = [(microseconds(mine), microseconds(theirs)) for _ in range(ROUNDS)]
    own, sdk = zip(*rounds, strict=True)
    row = Row(f"warm {name} / the SDK's in-memory agent", own, sdk, BUDGET)
    print(
        f"{name:12} ours {statistics.median(own):6.0f} us   SDK in memory {statistics.median(sdk):6.0f} us   ", end=""
    )
    print(f"ratio {row.ratio:5.2f} <= {BUDGET:.2f}" + ("" if row.is_within_budget else "   OVER BUDGET"))
    return row


def main() -> int:
    """Prints the table; 1 when the budget is broken."""
    asyncio.set_event_loop(asyncio.new_event_loop())  # Lambda's bootstrap leaves one
    mine, theirs = Agent.of(ours()), Agent.of(the_sdks())
    my_task, their_task = mine.send(), theirs.send()
    reading = compare("GetTask", lambda: mine.get(my_task), lambda: theirs.get(their_task))
    sending = compare("SendMessage", mine.send, theirs.send)
    write_rows("warm", (reading, sending))
    return 0 if reading.is_within_budget and sending.is_within_budget else 1


if __name__ == "__main__":
    sys.exit(main())
