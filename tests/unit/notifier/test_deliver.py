"""What a receiver gets, how it knows us, and what happens when it does not take it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from a2a.types import Artifact, Message, Part, Task
from notifier.deliver import Attempts, Deliver
from notifier.deliveries import MAX_ATTEMPTS, DeliveriesQueue, Delivery
from pydantic import SecretStr
from staff0.errors import WebhookFailed, WebhookRefused
from staff0.tasks import PushConfig, PushConfigStore, StoredTask, TaskState, TaskStore, moved, told

from tests.unit.notifier.conftest import URL, Receiver

if TYPE_CHECKING:
    from staff0.vault import Vault

    from tests.conftest import FakeClock


def delivery(sequence: int | None = 2, config_id: str = "c1", task_id: str = "t1") -> Delivery:
    return {"task_id": task_id, "config_id": config_id, "sequence": sequence}


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body.content) for _, _, body in receiver.got]


@pytest.mark.usefixtures("config")
def test_a_receiver_gets_the_update_and_knows_us(deliver: Deliver, receiver: Receiver) -> None:
    assert deliver.run(delivery())
    [(url, headers, body)] = receiver.got
    assert url == URL
    assert headers["Authorization"] == "Bearer canary-credentials"
    assert headers["X-A2A-Notification-Token"] == "canary-token"
    assert body.media_type == "application/a2a+json"
    update = json.loads(body.content)["statusUpdate"]
    assert (update["taskId"], update["status"]["state"]) == ("t1", "TASK_STATE_WORKING")
    assert update["metadata"] == {"sequence": 2, "event_id": "t1/2/0"}


@pytest.mark.usefixtures("config")
def test_the_first_event_is_the_task_itself(deliver: Deliver, receiver: Receiver) -> None:
    deliver.run(delivery(sequence=1))
    [body] = bodies(receiver)
    assert body["task"]["status"]["state"] == "TASK_STATE_SUBMITTED"


@pytest.mark.usefixtures("config")
def test_a_result_comes_before_the_state_it_led_to(
    deliver: Deliver, receiver: Receiver, store: TaskStore, stored: StoredTask, clock: FakeClock
) -> None:
    answered = Task()
    answered.CopyFrom(stored.task)
    answered.artifacts.append(Artifact(artifact_id="result", parts=[Part(text="Yes.")]))
    store.commit(stored, moved(answered, TaskState.COMPLETED, "Yes.", clock()))
    deliver.run(delivery(sequence=3))
    assert [next(iter(body)) for body in bodies(receiver)] == ["artifactUpdate", "statusUpdate"]


@pytest.mark.usefixtures("config")
def test_a_late_webhook_is_told_the_task_as_it_stands(deliver: Deliver, receiver: Receiver) -> None:
    deliver.run(delivery(sequence=None))
    [body] = bodies(receiver)
    assert body["task"]["status"]["state"] == "TASK_STATE_WORKING"
    assert body["task"]["metadata"]["sequence"] == 2


@pytest.fixture
def of_0_3(configs: PushConfigStore, config: PushConfig) -> None:
    """The webhook was registered by a client of A2A 0.3."""
    configs.save(replace(config, protocol="0.3"))


@pytest.mark.usefixtures("of_0_3")
def test_a_client_of_0_3_gets_the_task_it_expects(deliver: Deliver, receiver: Receiver) -> None:
    deliver.run(delivery())
    [(_, _, body)] = receiver.got
    task = json.loads(body.content)
    assert (task["kind"], task["id"], task["status"]["state"]) == ("task", "t1", "working")
    assert body.media_type == "application/json"


@pytest.mark.usefixtures("of_0_3")
def test_a_client_of_0_3_hears_each_change_as_it_was_however_late(
    deliver: Deliver, receiver: Receiver, store: TaskStore, stored: StoredTask, clock: FakeClock
) -> None:
    answered = Task()
    answered.CopyFrom(stored.task)
    answered.artifacts.append(Artifact(artifact_id="result", parts=[Part(text="Yes.")]))
    store.commit(stored, moved(answered, TaskState.COMPLETED, "Yes.", clock()))
    for sequence in (1, 2, 3):
        deliver.run(delivery(sequence=sequence))
    told = [(body["status"]["state"], bool(body.get("artifacts"))) for body in bodies(receiver)]
    assert told == [("submitted", False), ("working", False), ("completed", True)]


def test_without_secrets_nothing_is_sent_to_be_known_by(
    deliver: Deliver, receiver: Receiver, configs: PushConfigStore, config: PushConfig
) -> None:
    configs.save(replace(config, sealed=None, scheme=""))
    deliver.run(delivery())
    assert not {"Authorization", "X-A2A-Notification-Token"} & receiver.got[0][1].keys()


def test_a_secret_that_would_make_a_second_header_is_never_sent(
    deliver: Deliver, receiver: Receiver, configs: PushConfigStore, config: PushConfig, vault: Vault
) -> None:
    evil = vault.seal("t1", SecretStr(json.dumps({"token": "a\r\nX-Evil: 1", "credentials": ""})))
    configs.save(replace(config, sealed=evil))
    with pytest.raises(WebhookRefused):
        deliver.run(delivery())
    assert receiver.got == []


def test_a_deleted_webhook_hears_nothing_more(
    deliver: Deliver, receiver: Receiver, configs: PushConfigStore, config: PushConfig
) -> None:
    configs.delete("t1", config.config_id)
    assert not deliver.run(delivery())
    assert receiver.got == []


@pytest.mark.usefixtures("config")
def test_there_is_nothing_to_tell_of_a_message_heard_or_an_event_gone(
    deliver: Deliver, receiver: Receiver, store: TaskStore, stored: StoredTask
) -> None:
    store.commit(stored, told(stored.task, Message(message_id="m", parts=[Part(text="Any news?")])))
    assert not deliver.run(delivery(sequence=3))
    assert not deliver.run(delivery(sequence=99))
    assert receiver.got == []


def test_a_task_kept_no_longer_is_nobodys_failure(
    deliver: Deliver, configs: PushConfigStore, config: PushConfig
) -> None:
    orphan = replace(config, owner="somebody else")
    configs._client.put_item(TableName="tasks", Item=configs._items.push_config(orphan, configs._clock()))
    assert not deliver.run(delivery(sequence=None))


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize("answer", [301, 307, 400, 401, 404, 410, 429, 500, 503])
def test_whatever_is_no_yes_is_a_failure(deliver: Deliver, receiver: Receiver, answer: int) -> None:
    receiver.answers.append(answer)
    with pytest.raises(WebhookFailed, match=str(answer)):
        deliver.run(delivery())
    assert len(receiver.got) == 1  # a redirect is not followed


# Attempts


@dataclass
class Postponed:
    seconds: list[int] = field(default_factory=list)

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def counted() -> list[str]:
    return []


@pytest.fixture
def postponed() -> Postponed:
    return Postponed()


@pytest.fixture
def attempts(deliver: Deliver, postponed: Postponed, counted: list[str]) -> Attempts:
    queue: DeliveriesQueue = postponed  # type: ignore[assignment]
    return Attempts(deliver, queue, counted.append, dice=lambda _, most: most)


def record(number: int = 1, **fields: Any) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": str(number)}
    return {"messageId": "m", "receiptHandle": "r", "attributes": attributes, "body": json.dumps(delivery(**fields))}


@pytest.mark.usefixtures("config")
def test_what_is_delivered_is_done(attempts: Attempts, postponed: Postponed, counted: list[str]) -> None:
    assert attempts.make(record())
    assert (postponed.seconds, counted) == ([], ["WebhookDelivered"])


@pytest.mark.usefixtures("config")
def test_what_fails_comes_again_later_and_later_over_minutes(
    attempts: Attempts, receiver: Receiver, postponed: Postponed, counted: list[str]
) -> None:
    for number in range(1, MAX_ATTEMPTS + 1):
        receiver.answers.append(503)
        assert not attempts.make(record(number))
    assert postponed.seconds == [5, 10, 20, 40, 80, 160, 320, 0]
    assert counted == ["WebhookFailed"] * 7 + ["WebhookUndeliverable"]


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize("error", [WebhookFailed("ReadTimeout"), WebhookRefused("inside")])
def test_no_answer_and_a_refused_address_are_failures_too(
    attempts: Attempts, receiver: Receiver, counted: list[str], error: Exception
) -> None:
    receiver.answers.append(error)
    assert not attempts.make(record())
    assert counted == ["WebhookFailed"]


@pytest.mark.usefixtures("config")
def test_a_receiver_that_comes_back_gets_everything(attempts: Attempts, receiver: Receiver) -> None:
    receiver.answers.extend([503, 503])
    made = [attempts.make(record(number)) for number in (1, 2, 3)]
    assert made == [False, False, True]
    assert bodies(receiver)[-1]["statusUpdate"]["status"]["state"] == "TASK_STATE_WORKING"


@pytest.mark.usefixtures("config")
def test_no_secret_and_no_address_is_logged(
    attempts: Attempts, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answers.append(503)
    attempts.make(record())
    logged = str([vars(entry) for entry in caplog.records])
    assert "webhook_failed" in logged
    assert "canary" not in logged
    assert "hooks.example.com" not in logged
