"""What a receiver gets, in the words of its protocol, and what is not sent at all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from a2a.types import Message, Part, StreamResponse
from botocore.exceptions import ClientError
from google.protobuf.json_format import Parse
from notifier.deliver import Deliver
from notifier.delivery_queue import Delivery
from notifier.notification_payloads import NotificationPayloads
from pydantic import SecretStr, ValidationError
from staff0.errors import WebhookFailed, WebhookRefused
from staff0.tasks import EventLog, PushConfigStore, TaskState, TaskStore, with_user_message

from tests.support.webhook_assertions import CONFIG, TASK, completed, created, working

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from notifier.auth_headers import Headers
    from staff0.encryption import KmsEncryptor


@dataclass(frozen=True)
class Post:
    url: str
    headers: Headers
    content: bytes

    @property
    def update(self) -> StreamResponse:
        return Parse(self.content, StreamResponse())


@dataclass
class FakeReceivers:
    """Take everything, or answer 503 to all after `takes` requests."""

    takes: int = 100
    posts: list[Post] = field(default_factory=list)

    def post(self, url: str, headers: Headers, content: bytes) -> None:
        if len(self.posts) == self.takes:
            raise WebhookFailed("the receiver answers 503")
        self.posts.append(Post(url, headers, content))


@dataclass
class Delivering:
    """A task with one webhook, and what its receiver has got."""

    store: TaskStore
    configs: PushConfigStore
    encryptor: KmsEncryptor
    deliver: Deliver
    receivers: FakeReceivers

    def told(self, sequence: int | None, **changed: Any) -> list[Post]:
        """All that is sent to the webhook, as `changed`, about this write of the task."""
        if changed:
            self.configs.save(replace(CONFIG, **changed))
        assert self.attempt(sequence) is bool(self.receivers.posts)
        return self.receivers.posts

    def attempt(self, sequence: int | None) -> bool:
        return self.deliver.run(Delivery(task_id=TASK, config_id="c1", sequence=sequence))

    def encrypted(self, task_id: str = TASK, **words: str) -> bytes:
        """As the agent seals it."""
        return self.encryptor.encrypt(task_id, SecretStr(json.dumps({"token": "", "credentials": ""} | words)))


@pytest.fixture
def delivering(
    store: TaskStore, configs: PushConfigStore, encryptor: KmsEncryptor, dynamodb: DynamoDBClient
) -> Delivering:
    receivers = FakeReceivers()
    news = NotificationPayloads(EventLog(dynamodb, "tasks"), store)
    return Delivering(store, configs, encryptor, Deliver(configs, news, encryptor, receivers), receivers)


@pytest.fixture
def answered(delivering: Delivering) -> Delivering:
    """Its task has ended with a result at its third write."""
    completed(delivering.store, working(delivering.store, created(delivering.store, config=CONFIG)))
    return delivering


def test_a_new_task_is_told_whole(answered: Delivering) -> None:
    [post] = answered.told(1)
    assert post.url == CONFIG.url
    assert post.headers == {"User-Agent": "staff0-hr-agent", "Content-Type": "application/a2a+json"}
    assert TaskState(post.update.task.status.state) is TaskState.SUBMITTED
    assert '"contextId"' in post.content.decode()  # ProtoJSON, not the field's own name


def test_a_result_comes_before_the_state_that_ends_the_task_each_in_a_request_of_its_own(answered: Delivering) -> None:
    result, state = (post.update for post in answered.told(3))
    assert result.artifact_update.artifact.artifact_id == "result"
    assert TaskState(state.status_update.status.state) is TaskState.COMPLETED
    assert [u.metadata["event_id"] for u in (result.artifact_update, state.status_update)] == ["t1/3/0", "t1/3/1"]


def test_who_registers_later_gets_the_task_as_it_stands_when_it_is_told(answered: Delivering) -> None:
    [post] = answered.told(None)
    assert TaskState(post.update.task.status.state) is TaskState.COMPLETED
    assert post.update.task.artifacts[0].artifact_id == "result"
    assert post.update.task.metadata["sequence"] == 3


def test_a_deleted_webhook_is_told_nothing_more(answered: Delivering) -> None:
    """A2A 3.1.10."""
    answered.configs.delete(TASK, "c1")
    assert answered.told(3) == []
    assert answered.told(None) == []


def test_what_is_gone_by_now_is_not_told(answered: Delivering, dynamodb: DynamoDBClient) -> None:
    for item in dynamodb.scan(TableName="tasks")["Items"]:
        if not item["sk"]["S"].startswith("PUSH#"):
            dynamodb.delete_item(TableName="tasks", Key={"pk": item["pk"], "sk": item["sk"]})
    assert answered.told(3) == []
    assert answered.told(None) == []


def test_a_write_without_news_is_not_told(delivering: Delivering) -> None:
    stored = created(delivering.store, config=CONFIG)
    delivering.store.commit(
        stored, with_user_message(stored.task, Message(message_id="m", parts=[Part(text="Any news?")]))
    )
    for protocol in ("1.0", "0.3"):
        assert delivering.told(2, protocol=protocol) == []


def test_the_receiver_knows_us_by_what_the_caller_gave(answered: Delivering) -> None:
    [post] = answered.told(
        1, scheme="Bearer", encrypted_credentials=answered.encrypted(token="for-this-task", credentials="canary")
    )
    assert post.headers["X-A2A-Notification-Token"] == "for-this-task"
    assert post.headers["Authorization"] == "Bearer canary"


@pytest.mark.parametrize(
    ("scheme", "words", "names"),
    [
        ("", {"token": "t"}, {"X-A2A-Notification-Token"}),
        ("Bearer", {"credentials": "c"}, {"Authorization"}),
        ("Bearer", {"token": "t"}, {"X-A2A-Notification-Token"}),
        ("", {"credentials": "c"}, set()),
    ],
)
def test_a_header_is_sent_only_where_all_of_it_was_given(
    answered: Delivering, scheme: str, words: dict[str, str], names: set[str]
) -> None:
    [post] = answered.told(1, scheme=scheme, encrypted_credentials=answered.encrypted(**words))
    assert post.headers.keys() - {"User-Agent", "Content-Type"} == names


@pytest.mark.parametrize(
    "word",
    ["canary\r\nX-Injected: 1", "canary\nb", "canary\rb", "canary\0", " canary", "canary ", "canary\x7f", "canary\xe9"],
)
@pytest.mark.parametrize("where", ["token", "credentials"])
def test_a_word_that_could_begin_a_header_of_its_own_is_refused_before_anything_is_sent(
    answered: Delivering, where: str, word: str
) -> None:
    answered.configs.save(replace(CONFIG, scheme="Bearer", encrypted_credentials=answered.encrypted(**{where: word})))
    with pytest.raises(WebhookRefused) as error:
        answered.attempt(1)
    assert answered.receivers.posts == []
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("scheme", ["Bearer\r\nX-Injected: 1\r\nA:", "two words", "b\xe9"])
def test_a_scheme_that_is_none_is_refused(answered: Delivering, scheme: str) -> None:
    answered.configs.save(replace(CONFIG, scheme=scheme, encrypted_credentials=answered.encrypted(credentials="c")))
    with pytest.raises(WebhookRefused):
        answered.attempt(1)
    assert answered.receivers.posts == []


def test_credentials_that_were_sealed_for_another_task_stay_sealed(answered: Delivering) -> None:
    answered.configs.save(
        replace(CONFIG, scheme="Bearer", encrypted_credentials=answered.encrypted("t2", credentials="canary"))
    )
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        answered.attempt(1)
    assert answered.receivers.posts == []


def test_credentials_that_cannot_be_read_are_not_shown(answered: Delivering) -> None:
    answered.configs.save(
        replace(CONFIG, encrypted_credentials=answered.encryptor.encrypt(TASK, SecretStr('{"token": {"canary": 1}}')))
    )
    with pytest.raises(ValidationError) as error:
        answered.attempt(1)
    assert "canary" not in str(error.value)


def test_a_receiver_of_0_3_gets_the_task_in_the_words_of_0_3(answered: Delivering) -> None:
    [post] = answered.told(3, protocol="0.3")  # once, though the write told a result and a state
    assert post.headers["Content-Type"] == "application/json"
    task = json.loads(post.content)
    assert (task["kind"], task["id"], task["status"]["state"]) == ("task", TASK, "completed")
    assert task["artifacts"][0]["parts"] == [{"kind": "text", "text": "Yes."}]
    assert task["contextId"] == "c1"
    assert task["metadata"]["sequence"] == 3


def test_a_receiver_of_0_3_hears_each_change_as_it_was_however_late(answered: Delivering) -> None:
    tasks = [
        json.loads(post.content) for sequence in (1, 2, 3) for post in answered.told(sequence, protocol="0.3")[-1:]
    ]
    told = [(task["status"]["state"], "artifacts" in task, task["metadata"]["sequence"]) for task in tasks]
    assert told == [("submitted", False, 1), ("working", False, 2), ("completed", True, 3)]


def test_a_result_that_was_not_taken_is_not_followed_by_its_state(answered: Delivering) -> None:
    answered.receivers.takes = 0
    with pytest.raises(WebhookFailed):
        answered.attempt(3)
    answered.receivers.takes = 100
    assert [post.update.WhichOneof("payload") for post in answered.told(3)] == ["artifact_update", "status_update"]


def test_somebody_elses_task_is_never_told(answered: Delivering, dynamodb: DynamoDBClient) -> None:
    """The owner stands in the webhook's item, and a task is read by owner and id."""
    dynamodb.update_item(
        TableName="tasks",
        Key={"pk": {"S": f"TASK#{TASK}"}, "sk": {"S": "PUSH#c1"}},
        UpdateExpression="SET #owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": "somebody else"}},
    )
    assert answered.told(None) == []
