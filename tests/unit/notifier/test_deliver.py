"""Requests that a receiver gets, in the protocol version of its caller, and what is not sent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from a2a.types import Message, Part, StreamResponse
from botocore.exceptions import ClientError, EndpointConnectionError
from google.protobuf.json_format import Parse
from notifier.deliver import Deliver
from notifier.delivery_limits import LEASE_SECONDS, DeliveryLimits
from notifier.delivery_queue import Delivery
from notifier.notification_payloads import NotificationPayloads
from pydantic import SecretStr, ValidationError
from staff0.clock import utc_now
from staff0.errors import WebhookFailed, WebhookGone, WebhookRefused
from staff0.tasks import (
    DeliverySlots,
    EventLog,
    PushConfigStore,
    ReceiverStore,
    TaskState,
    TaskStore,
    with_user_message,
)
from staff0.tasks.table_keys import push_config_key

from tests.support.clock import FakeClock
from tests.support.moto_differences import outage
from tests.support.sample_webhooks import CONFIG, TASK, complete_task, create_task, start_task

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from notifier.http.webhook_transport import Headers
    from notifier.notification_signer import NotificationSigner
    from staff0.encryption import KmsEncryptor

    from tests.support.clock import FakeClock


@dataclass(frozen=True)
class Post:
    url: str
    headers: Headers
    content: bytes

    @property
    def update(self) -> StreamResponse:
        return Parse(self.content, StreamResponse())


@dataclass
class FakeTransport:
    """Receivers that accept the first `accepts` requests and answer the others with 503, or with 410 if `is_gone`."""

    accepts: int = 100
    is_gone: bool = False
    requests: int = 0
    posts: list[Post] = field(default_factory=list)
    seconds_per_request: float = 0.0
    now: float = 0.0

    def post(self, url: str, headers: Headers, content: bytes) -> None:
        self.now += self.seconds_per_request
        self.requests += 1
        if self.is_gone:
            raise WebhookGone("the receiver answered 410")
        if len(self.posts) == self.accepts:
            raise WebhookFailed("the receiver answered 503")
        self.posts.append(Post(url, headers, content))


@dataclass
class Deliveries:
    """Deliveries to the one webhook of a task."""

    store: TaskStore
    configs: PushConfigStore
    encryptor: KmsEncryptor
    deliver: Deliver
    transport: FakeTransport
    receivers: ReceiverStore

    def posts_for(self, sequence: int | None, **changed: Any) -> list[Post]:
        """Delivers this write, after `changed` is applied to the webhook. Returns all requests so far."""
        if changed:
            self.configs.save(replace(CONFIG, **changed))
        assert self.attempt(sequence) is bool(self.transport.posts)
        return self.transport.posts

    def attempt(self, sequence: int | None) -> bool:
        return self.deliver.run(Delivery(task_id=TASK, config_id="c1", sequence=sequence))

    def encrypted(self, task_id: str = TASK, **values: str) -> bytes:
        """Encrypted as the agent does it."""
        return self.encryptor.encrypt(task_id, SecretStr(json.dumps({"token": "", "credentials": ""} | values)))


@pytest.fixture
def deliveries(  # noqa: PLR0917 - each a dependency of Deliver
    store: TaskStore,
    configs: PushConfigStore,
    encryptor: KmsEncryptor,
    signer: NotificationSigner,
    dynamodb: DynamoDBClient,
    clock: FakeClock,
) -> Deliveries:
    """To a receiver that has accepted a notification before."""
    transport = FakeTransport()
    receivers = ReceiverStore(dynamodb, "tasks", utc_now)
    receivers.set_accepted(CONFIG)
    payloads = NotificationPayloads(EventLog(dynamodb, "tasks", clock), store)
    limits = DeliveryLimits(DeliverySlots(dynamodb, "tasks", clock, LEASE_SECONDS), receivers, clock)
    deliver = Deliver(configs, receivers, payloads, encryptor, signer, transport, limits, lambda: transport.now)
    return Deliveries(store, configs, encryptor, deliver, transport, receivers)


@pytest.fixture
def completed_task(deliveries: Deliveries) -> Deliveries:
    """The task is completed with a result by its third write."""
    complete_task(deliveries.store, start_task(deliveries.store, create_task(deliveries.store, config=CONFIG)))
    return deliveries


def test_first_write_sends_whole_task(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(1)
    assert post.url == CONFIG.url
    assert post.headers == {"User-Agent": "staff0-hr-agent", "Content-Type": "application/a2a+json"}
    assert TaskState(post.update.task.status.state) is TaskState.SUBMITTED
    assert '"contextId"' in post.content.decode()  # the name in ProtoJSON


def test_each_request_has_a_span_of_the_tasks_trace(completed_task: Deliveries) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    spans = [post.headers["traceparent"].split("-") for post in completed_task.posts_for(3, traceparent=trace)]
    assert [[version, trace_id, flags] for version, trace_id, _, flags in spans] == [["00", trace[3:35], "01"]] * 2
    assert len({span for _, _, span, _ in spans} | {"00f067aa0ba902b7"}) == 3


def test_malformed_trace_is_not_sent(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(1, traceparent="00-x\r\nX-Admin: 1")
    assert set(post.headers) == {"User-Agent", "Content-Type"}


def test_artifact_is_sent_before_final_status(completed_task: Deliveries) -> None:
    result, state = (post.update for post in completed_task.posts_for(3))
    assert result.artifact_update.artifact.artifact_id == "result"
    assert TaskState(state.status_update.status.state) is TaskState.COMPLETED
    assert [u.metadata["event_id"] for u in (result.artifact_update, state.status_update)] == ["t1/3/0", "t1/3/1"]


def test_later_registration_sends_current_task(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(None)
    assert TaskState(post.update.task.status.state) is TaskState.COMPLETED
    assert post.update.task.artifacts[0].artifact_id == "result"
    assert post.update.task.metadata["sequence"] == 3


def test_deleted_webhook_gets_nothing(completed_task: Deliveries) -> None:
    """A2A 3.1.10."""
    completed_task.configs.delete(TASK, "c1")
    assert completed_task.posts_for(3) == []
    assert completed_task.posts_for(None) == []


def test_task_past_its_retention_sends_nothing(completed_task: Deliveries, clock: FakeClock) -> None:
    """DynamoDB deletes its items up to some days later."""
    clock.advance(31 * 86_400)
    assert completed_task.attempt(3) is False
    assert completed_task.attempt(None) is False
    assert completed_task.transport.posts == []


def test_deleted_task_sends_nothing(completed_task: Deliveries, dynamodb: DynamoDBClient) -> None:
    for item in dynamodb.scan(TableName="tasks")["Items"]:
        if not item["sk"]["S"].startswith("PUSH#"):
            dynamodb.delete_item(TableName="tasks", Key={"pk": item["pk"], "sk": item["sk"]})
    assert completed_task.posts_for(3) == []
    assert completed_task.posts_for(None) == []


def test_write_without_update_sends_nothing(deliveries: Deliveries) -> None:
    stored = create_task(deliveries.store, config=CONFIG)
    deliveries.store.commit(
        stored, with_user_message(stored.task, Message(message_id="m", parts=[Part(text="Any news?")]))
    )
    for protocol in ("1.0", "0.3"):
        assert deliveries.posts_for(2, protocol=protocol) == []


def test_authentication_headers(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(
        1, scheme="Bearer", encrypted_credentials=completed_task.encrypted(token="for-this-task", credentials="canary")
    )
    assert post.headers["X-A2A-Notification-Token"] == "for-this-task"
    assert post.headers["Authorization"] == "Bearer canary"


@pytest.mark.parametrize(
    ("scheme", "values", "names"),
    [
        ("", {"token": "t"}, {"X-A2A-Notification-Token"}),
        ("Bearer", {"credentials": "c"}, {"Authorization"}),
        ("Bearer", {"token": "t"}, {"X-A2A-Notification-Token"}),
        ("", {"credentials": "c"}, set()),
    ],
)
def test_header_needs_all_its_parts(
    completed_task: Deliveries, scheme: str, values: dict[str, str], names: set[str]
) -> None:
    [post] = completed_task.posts_for(1, scheme=scheme, encrypted_credentials=completed_task.encrypted(**values))
    assert post.headers.keys() - {"User-Agent", "Content-Type"} == names


@pytest.mark.parametrize(
    "value",
    ["canary\r\nX-Injected: 1", "canary\nb", "canary\rb", "canary\0", " canary", "canary ", "canary\x7f", "canary\xe9"],
)
@pytest.mark.parametrize("field_name", ["token", "credentials"])
def test_invalid_header_value_is_refused(completed_task: Deliveries, field_name: str, value: str) -> None:
    completed_task.configs.save(
        replace(CONFIG, scheme="Bearer", encrypted_credentials=completed_task.encrypted(**{field_name: value}))
    )
    with pytest.raises(WebhookRefused) as error:
        completed_task.attempt(1)
    assert completed_task.transport.posts == []
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("scheme", ["Bearer\r\nX-Injected: 1\r\nA:", "two words", "b\xe9"])
def test_invalid_scheme_is_refused(completed_task: Deliveries, scheme: str) -> None:
    completed_task.configs.save(
        replace(CONFIG, scheme=scheme, encrypted_credentials=completed_task.encrypted(credentials="c"))
    )
    with pytest.raises(WebhookRefused):
        completed_task.attempt(1)
    assert completed_task.transport.posts == []


def test_credentials_of_another_task_are_not_decrypted(completed_task: Deliveries) -> None:
    completed_task.configs.save(
        replace(CONFIG, scheme="Bearer", encrypted_credentials=completed_task.encrypted("t2", credentials="canary"))
    )
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        completed_task.attempt(1)
    assert completed_task.transport.posts == []


def test_invalid_credentials_are_not_in_error(completed_task: Deliveries) -> None:
    completed_task.configs.save(
        replace(
            CONFIG, encrypted_credentials=completed_task.encryptor.encrypt(TASK, SecretStr('{"token": {"canary": 1}}'))
        )
    )
    with pytest.raises(ValidationError) as error:
        completed_task.attempt(1)
    assert "canary" not in str(error.value)


SIGNED = replace(CONFIG, agent_url="https://agent.example")


def claims_of(post: Post) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(post.headers["Staff0-Signature"], options={"verify_signature": False})
    return claims


def test_each_request_is_signed(completed_task: Deliveries) -> None:
    completed_task.configs.save(replace(SIGNED, url="https://new.example/a"))
    claims = [claims_of(post) for post in completed_task.posts_for(3)]  # first contact, artifact and status
    bodies = [hashlib.sha256(post.content).hexdigest() for post in completed_task.transport.posts]
    assert [each["request_body_sha256"] for each in claims] == bodies
    assert len({each["jti"] for each in claims}) == 3
    assert {each["aud"] for each in claims} == {"https://new.example/a"}


@pytest.mark.parametrize("protocol", ["1.0", "0.3"])
@pytest.mark.parametrize("sequence", [3, None])
def test_repeated_delivery_has_its_id_and_a_new_time(
    completed_task: Deliveries, clock: FakeClock, sequence: int | None, protocol: str
) -> None:
    completed_task.configs.save(replace(SIGNED, protocol=protocol))
    completed_task.attempt(sequence)
    clock.advance(40)
    completed_task.attempt(sequence)
    claims = [claims_of(post) for post in completed_task.transport.posts]
    first, again = claims[: len(claims) // 2], claims[len(claims) // 2 :]
    assert [each["jti"] for each in again] == [each["jti"] for each in first]
    assert [each["iat"] for each in again] == [each["iat"] + 40 for each in first]


def test_nothing_is_sent_unsigned_while_kms_fails(completed_task: Deliveries, kms: KMSClient) -> None:
    """The message stays in the queue, and its next attempt is signed."""
    completed_task.configs.save(SIGNED)
    with outage(kms), pytest.raises(EndpointConnectionError):
        completed_task.attempt(3)
    assert completed_task.transport.requests == 0
    assert len(completed_task.posts_for(3)) == 2


def test_v0_3_receiver_gets_v0_3_task(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(3, protocol="0.3")  # one request, although the write has two updates
    assert post.headers["Content-Type"] == "application/json"
    task = json.loads(post.content)
    assert (task["kind"], task["id"], task["status"]["state"]) == ("task", TASK, "completed")
    assert task["artifacts"][0]["parts"] == [{"kind": "text", "text": "Yes."}]
    assert task["contextId"] == "c1"
    assert task["metadata"]["sequence"] == 3


def test_v0_3_task_is_the_one_of_the_event(completed_task: Deliveries) -> None:
    tasks = [
        json.loads(post.content)
        for sequence in (1, 2, 3)
        for post in completed_task.posts_for(sequence, protocol="0.3")[-1:]
    ]
    seen = [(task["status"]["state"], "artifacts" in task, task["metadata"]["sequence"]) for task in tasks]
    assert seen == [("submitted", False, 1), ("working", False, 2), ("completed", True, 3)]


def test_failed_artifact_is_not_followed_by_status(completed_task: Deliveries, clock: FakeClock) -> None:
    completed_task.transport.accepts = 0
    with pytest.raises(WebhookFailed):
        completed_task.attempt(3)
    completed_task.transport.accepts = 100
    clock.advance(5)
    assert [post.update.WhichOneof("payload") for post in completed_task.posts_for(3)] == [
        "artifact_update",
        "status_update",
    ]


NEW = replace(CONFIG, url="https://new.example/a")


def test_new_receiver_gets_ids_and_state_until_it_accepts(completed_task: Deliveries, clock: FakeClock) -> None:
    """Otherwise a caller could have its long texts sent to an address that never asked for them."""
    completed_task.configs.save(NEW)
    completed_task.transport.accepts = 0
    with pytest.raises(WebhookFailed):
        completed_task.attempt(3)
    assert completed_task.transport.requests == 1
    completed_task.transport.accepts = 100
    clock.advance(5)
    assert completed_task.attempt(3)
    outline, *events = (json.loads(post.content) for post in completed_task.transport.posts)
    assert outline["task"].keys() == {"id", "contextId", "status", "metadata"}
    assert outline["task"]["status"].keys() == {"state", "timestamp"}
    assert outline["task"]["status"]["state"] == "TASK_STATE_COMPLETED"
    assert outline["task"]["metadata"] == {"sequence": 3}
    assert [list(event) for event in events] == [["artifactUpdate"], ["statusUpdate"]]


def test_receiver_that_accepted_gets_the_next_notification_only(completed_task: Deliveries) -> None:
    completed_task.configs.save(NEW)
    completed_task.attempt(1)
    completed_task.attempt(2)
    bodies = [json.loads(post.content) for post in completed_task.transport.posts]
    assert [list(body) for body in bodies] == [["task"], ["task"], ["statusUpdate"]]


@pytest.mark.parametrize("sequence", [1, None])
def test_new_v0_3_receiver_gets_ids_and_state_until_it_accepts(
    completed_task: Deliveries, sequence: int | None
) -> None:
    completed_task.configs.save(replace(NEW, protocol="0.3"))
    completed_task.transport.accepts = 1
    with pytest.raises(WebhookFailed):
        completed_task.attempt(sequence)
    [post] = completed_task.transport.posts
    assert json.loads(post.content).keys() == {"kind", "id", "contextId", "status", "metadata"}


def test_another_caller_s_receiver_has_not_accepted(completed_task: Deliveries) -> None:
    assert not completed_task.receivers.has_accepted(replace(CONFIG, owner="another owner"))


def test_gone_receiver_gets_nothing_more(completed_task: Deliveries, clock: FakeClock) -> None:
    """410 means that the webhook is not wanted, now and later (RFC 9110 15.5.11)."""
    completed_task.transport.is_gone = True
    assert completed_task.attempt(1) is False
    completed_task.transport.is_gone = False
    clock.advance(5)
    assert completed_task.attempt(2) is False
    assert completed_task.transport.requests == 1


def test_delivery_to_slow_receiver_ends_before_the_function_does(deliveries: Deliveries) -> None:
    """Three requests of 9.9 s each would outlast the function: killed, not counted, and all sent again."""
    started = start_task(deliveries.store, create_task(deliveries.store, config=CONFIG))
    complete_task(deliveries.store, started, artifacts=("result", "statement"))
    deliveries.transport.seconds_per_request = 9.9
    with pytest.raises(WebhookFailed, match="time"):
        deliveries.attempt(3)
    assert len(deliveries.transport.posts) == 2


def test_task_of_another_owner_is_not_sent(completed_task: Deliveries, dynamodb: DynamoDBClient) -> None:
    """The webhook's item holds the owner, and a task is read by owner and id."""
    dynamodb.update_item(
        TableName="tasks",
        Key=push_config_key(TASK, CONFIG.reference),
        UpdateExpression="SET #owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": "another owner"}},
    )
    assert completed_task.posts_for(None) == []
