"""A caller of the real application, which repeats each call until it gets an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

import httpx
from hr_agent.application import AccessControl, create_app
from hr_agent.card.agent_card import Profile
from hr_agent.card.signed_card import SignedCards
from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.methods.approval_workflow import StepFunctionsWorkflow
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.event_stream import EventStreams
from hr_agent.methods.push_notification_configs import PushNotificationConfigs
from hr_agent.methods.send_message import SendMessage
from hr_agent.protocol.request_handler import StatelessRequestHandler
from hr_agent.questions.rule_parser import RuleParser
from staff0.auth import TokenVerifier
from staff0.caller_registry import Callers
from staff0.encryption import KmsEncryptor
from staff0.person_keys import PersonKeys, derived_key
from staff0.signing import KmsEcSigningKey, KmsPublicKey
from staff0.skills import SKILLS
from staff0.tasks import EventLog, PushConfigStore, TaskStore, WriteOnceStore
from starlette.applications import Starlette

from tests.faults.side_effects import Crash, SideEffectRecorder
from tests.support.a2a_test_client import Json, JsonRpc, ProtocolError
from tests.support.approval_steps import AUDIT, EXPIRY_SECONDS
from tests.support.aws_resources import AwsResources
from tests.support.clock import FakeClock
from tests.support.sample_terms import sample_terms
from tests.support.tokens import AGENT_AUDIENCE, ISSUER, FakeKeys, machine_token

BASE_URL = "https://agent.example"
WEBHOOK = {"url": "https://hooks.example/a"}
_ATTEMPTS = 5
_SCOPES = " ".join(skill.scope for skill in SKILLS)
_IDS = count(1)

type Ask = Callable[[JsonRpc], Coroutine[None, None, Json]]


def agent(aws: AwsResources, clock: FakeClock, workflow: StepFunctionsWorkflow, callers: Callers) -> Starlette:
    """The application as app.py wires it."""

    async def sleep(seconds: float) -> None:
        clock.advance(seconds)

    tasks = CallerTasks(TaskStore(aws.dynamodb, aws.table, clock, AUDIT), clock)
    configs = PushConfigStore(aws.dynamodb, aws.table, clock)
    push_configs = PushNotificationConfigs(
        tasks, configs, KmsEncryptor(lambda: aws.kms, aws.webhook_key), allow_loopback=False
    )
    send = SendMessage(
        tasks=tasks,
        push_configs=push_configs,
        workflow=workflow,
        parser=RuleParser(SKILLS),
        person_keys=PersonKeys(lambda: derived_key(lambda: aws.kms, aws.limits_key)),
        clock=clock,
        sleep=sleep,
        new_id=lambda: f"id-{next(_IDS)}",
        expiry_seconds=EXPIRY_SECONDS,
    )
    once, key = WriteOnceStore(aws.dynamodb, aws.table, clock), KmsEcSigningKey(lambda: aws.kms, aws.card_key)
    keys_of_others = [
        KmsPublicKey(lambda: aws.kms, aws.attestation_key),
        KmsPublicKey(lambda: aws.kms, aws.webhook_signing_key),
    ]
    profile = Profile(ISSUER, f"{ISSUER}oauth/token", AGENT_AUDIENCE, sample_terms(EXPIRY_SECONDS).params(), SKILLS)
    cards = SignedCards(profile, key, once)
    streams = EventStreams(EventLog(aws.dynamodb, aws.table, clock), clock, sleep, window_seconds=20)
    access = AccessControl(TokenVerifier(ISSUER, AGENT_AUDIENCE, FakeKeys()), callers, BASE_URL)
    handler = StatelessRequestHandler(send, tasks, workflow, push_configs, streams, cards)
    return create_app(handler, WellKnownRoutes(cards, [key, *keys_of_others], once), access)


@dataclass
class Caller:
    app: Starlette
    recorder: SideEffectRecorder
    message_id: str

    def ask(self, question: str) -> str:
        """Asks the question and returns the task id. Each attempt sends the same message."""
        configuration = {"returnImmediately": True, "taskPushNotificationConfig": WEBHOOK}
        message = {"messageId": self.message_id, "role": "ROLE_USER", "parts": [{"text": question}]}
        params = {"message": message, "configuration": configuration}
        return str(self.do(lambda agent: agent.send_params(params))["id"])

    def state(self, task_id: str) -> str:
        return str(self.do(lambda agent: agent.get(task_id))["status"]["state"])

    def cancel(self, task_id: str) -> bool:
        """True if the task is canceled, False if it had ended before."""
        try:
            self.do(lambda agent: agent.cancel(task_id))
        except ProtocolError as error:
            if error.reason != "TASK_NOT_CANCELABLE":
                raise
        return self.state(task_id) == "TASK_STATE_CANCELED"

    def do(self, ask: Ask) -> Json:
        """Calls the agent until it answers. Raises Refused for every error except 503."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._answer(ask)
            except Crash:
                continue
            except ProtocolError as error:
                # 503 means "try again". Every other error is an answer.
                if error.status != httpx.codes.SERVICE_UNAVAILABLE:
                    raise
        return self._answer(ask)

    def _answer(self, ask: Ask) -> Json:
        # In a new thread, because a fault may start another request in the middle of this one.
        def work() -> Json:
            with ThreadPoolExecutor(1) as thread:
                return thread.submit(asyncio.run, self._over_http(ask)).result()

        return self.recorder.run("agent", work)

    async def _over_http(self, ask: Ask) -> Json:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            return await ask(JsonRpc(http, machine_token("acme-client", scope=_SCOPES)))
