"""The agent in the test's process: the real application with moto's table and a fake workflow, clock and issuer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING

import httpx
import pytest
from a2a.types import Task
from hr_agent.application import AccessControl, create_app
from hr_agent.card.agent_card import Profile
from hr_agent.card.signed_card import SignedCards
from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.event_stream import EventStreams
from hr_agent.methods.push_notification_configs import PushNotificationConfigs
from hr_agent.methods.send_message import SendMessage
from hr_agent.protocol.request_handler import StatelessRequestHandler
from hr_agent.questions.rule_parser import RuleParser
from staff0.auth import TokenVerifier
from staff0.encryption import KmsEncryptor
from staff0.signing import KmsEcSigningKey, KmsPublicKey
from staff0.skills import SKILLS, Skills
from staff0.tasks import (
    EventLog,
    PushConfig,
    PushConfigStore,
    StoredTask,
    TaskState,
    TaskStore,
    WriteOnceStore,
    with_status,
)
from starlette.applications import Starlette

from tests.support.a2a_test_client import BASE_URL, Agent, HttpJson, JsonRpc
from tests.support.admitted_tasks import admit
from tests.support.clock import FakeClock
from tests.support.deployed_agent import deployed_handler
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.fake_callers import KnownCallers
from tests.support.fake_gemini import FakeGemini, running_gemini
from tests.support.fake_sleep import FakeSleep
from tests.support.fixed_person_keys import PERSON_KEYS
from tests.support.sample_terms import sample_terms
from tests.support.tokens import AGENT_AUDIENCE, ISSUER, FakeKeys, machine_token

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

__all__ = ["admit", "deployed_handler"]  # fixtures

CALLERS = ("acme-client", "globex-client", "noscope-client")


@pytest.fixture
def workflow() -> FakeApprovalWorkflow:
    return FakeApprovalWorkflow()


@pytest.fixture
def sleep(clock: FakeClock) -> FakeSleep:
    return FakeSleep(clock)


@pytest.fixture
def keys() -> FakeKeys:
    return FakeKeys()


@pytest.fixture
def push_configs(
    store: TaskStore, dynamodb: DynamoDBClient, kms: KMSClient, clock: FakeClock
) -> PushNotificationConfigs:
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    configs = PushConfigStore(dynamodb, "tasks", clock)
    return PushNotificationConfigs(
        CallerTasks(store, clock), configs, KmsEncryptor(lambda: kms, key_id), allow_loopback=False
    )


@pytest.fixture
def send_message(
    push_configs: PushNotificationConfigs,
    workflow: FakeApprovalWorkflow,
    clock: FakeClock,
    sleep: FakeSleep,
    skills: Skills,
) -> SendMessage:
    numbers = count(1)
    return SendMessage(
        tasks=push_configs.tasks,
        push_configs=push_configs,
        workflow=workflow,
        parser=RuleParser(skills),
        person_keys=PERSON_KEYS,
        clock=clock,
        sleep=sleep,
        new_id=lambda: f"id-{next(numbers)}",
        expiry_seconds=300,
    )


@pytest.fixture
def handler(
    send_message: SendMessage, cards: SignedCards, dynamodb: DynamoDBClient, clock: FakeClock, sleep: FakeSleep
) -> StatelessRequestHandler:
    return StatelessRequestHandler(
        send_message,
        send_message.tasks,
        send_message.workflow,
        send_message.push_configs,
        EventStreams(EventLog(dynamodb, "tasks", clock), clock, sleep, window_seconds=20),
        cards,
    )


@pytest.fixture
def write_once(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> WriteOnceStore:
    return WriteOnceStore(dynamodb, tasks_table, clock)


@pytest.fixture
def skills() -> Skills:
    return SKILLS


@pytest.fixture
def profile(skills: Skills) -> Profile:
    return Profile(ISSUER, f"{ISSUER}oauth/token", AGENT_AUDIENCE, sample_terms().params(), skills)


@pytest.fixture
def cards(profile: Profile, kms: KMSClient, signing_key: str, write_once: WriteOnceStore) -> SignedCards:
    return SignedCards(profile, KmsEcSigningKey(lambda: kms, signing_key), write_once)


@pytest.fixture
def well_known(cards: SignedCards, kms: KMSClient, attestation_key: str, write_once: WriteOnceStore) -> WellKnownRoutes:
    return WellKnownRoutes(cards, [cards.key, KmsPublicKey(lambda: kms, attestation_key)], write_once)


@pytest.fixture
def callers() -> KnownCallers:
    return KnownCallers.of(*CALLERS)


@pytest.fixture
def access(keys: FakeKeys, callers: KnownCallers) -> AccessControl:
    return AccessControl(TokenVerifier(ISSUER, AGENT_AUDIENCE, keys), callers, BASE_URL)


@pytest.fixture
def app(handler: StatelessRequestHandler, well_known: WellKnownRoutes, access: AccessControl) -> Starlette:
    return create_app(handler, well_known, access)


@pytest.fixture
async def http(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token. An exception of the application becomes a 500 response, as on Lambda."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client


@pytest.fixture(params=[JsonRpc, HttpJson], ids=["JSON-RPC", "HTTP+JSON"])
def agent(request: pytest.FixtureRequest, http: httpx.AsyncClient) -> Agent:
    """The caller acme, once in each binding. It may ask for each skill."""
    binding: type[Agent] = request.param
    return binding(http, machine_token("acme-client", scope="read:employee_status read:employment_details"))


@pytest.fixture
def globex(agent: Agent) -> Agent:
    """Another caller, in the same binding as `agent`. It may ask for the first skill alone."""
    return type(agent)(agent.http, machine_token("globex-client"))


@pytest.fixture
def advance(store: TaskStore, clock: FakeClock) -> Callable[..., StoredTask]:
    """Advances a task of acme through states, as the approval workflow does."""

    def through(task_id: str, *states: TaskState, edit: Callable[[Task], None] = lambda _: None) -> StoredTask:
        stored = store.get(f"{ISSUER}|acme-client", task_id)
        for state in states:
            task = with_status(stored.task, state, state.name, clock())
            edit(task)
            stored = store.commit(stored, task)
        return stored

    return through


@pytest.fixture
def model() -> Iterator[FakeGemini]:
    with running_gemini() as server:
        yield server


@pytest.fixture
def v0_3_client(http: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of acme that sends no A2A-Version, which means 0.3 (A2A 3.6.2)."""
    http.headers["Authorization"] = f"Bearer {machine_token('acme-client')}"
    return http


@pytest.fixture
def stored_configs(push_configs: PushNotificationConfigs) -> Callable[[str], list[PushConfig]]:
    """The stored webhooks of a task."""
    store: PushConfigStore = push_configs.store
    return store.list_for_task
