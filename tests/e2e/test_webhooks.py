"""Webhooks of the deployed stack: everything that happens to a task reaches its receiver, whoever made it happen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.streaming_client import word
from tests.support.system import Caller, Json, System, code_of
from tests.support.waiting import wait_until
from tests.support.webhook_receiver import Delivery, Receiver

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUES = ("-deliveries", "-undelivered")
BINDINGS = ["JSONRPC", "HTTP+JSON"]
TOLD = ["SUBMITTED", "WORKING", "AUTH_REQUIRED", "WORKING", "artifact", "artifact", "COMPLETED"]


def in_order(deliveries: list[Delivery]) -> list[Json]:
    """As a receiver puts them: by their numbers, each once."""
    numbered = {numbers(delivery.body): delivery.body for delivery in deliveries}
    return [numbered[place] for place in sorted(numbered)]


def numbers(body: Json) -> tuple[float, str]:
    metadata = next(body[kind]["metadata"] for kind in ("task", "statusUpdate", "artifactUpdate") if kind in body)
    return metadata["sequence"], metadata["event_id"]


def words(deliveries: list[Delivery]) -> list[str]:
    return [word(body) for body in in_order(deliveries)]


def told(receiver: Receiver, path: str, expected: list[str]) -> list[Delivery]:
    """What the receiver has got at the path, once it is all that is expected."""
    return asyncio.run(receiver.until(path, lambda found: words(found) == expected))


def ask(caller: Caller, binding: str, text: str, config: Json) -> Json:
    configuration = {"taskPushNotificationConfig": config}
    params: dict[str, Any] = {"message": caller.message(text), "configuration": configuration}
    if binding == "JSONRPC":
        task: Json = caller.rpc("SendMessage", params)["result"]["task"]
    else:
        task = caller.post("/message:send", params).raise_for_status().json()["task"]
    return task


def register(caller: Caller, binding: str, task_id: str, config: Json) -> Json:
    if binding == "JSONRPC":
        created: Json = caller.rpc("CreateTaskPushNotificationConfig", {"taskId": task_id, **config})["result"]
    else:
        created = caller.post(f"/tasks/{task_id}/pushNotificationConfigs", config).raise_for_status().json()
    return created


@pytest.mark.parametrize("binding", BINDINGS)
def test_a_webhook_that_comes_with_the_question_hears_everything(system: System, binding: str) -> None:
    caller = system.caller()
    known_by = {"token": "our-token", "authentication": {"scheme": "Bearer", "credentials": "our-credentials"}}
    with Receiver() as receiver:
        config = {"url": receiver.url("/hook"), **known_by}
        task = ask(caller, binding, system.hire().question, config)
        system.answer(code_of(task), "approve")
        for delivery in told(receiver, "/hook", TOLD):
            assert delivery.headers["authorization"] == "Bearer our-credentials"
            assert delivery.headers["x-a2a-notification-token"] == "our-token"
            assert delivery.headers["content-type"] == "application/a2a+json"
            assert len(delivery.body) == 1  # one StreamResponse (A2A 4.3.3)


def test_a_receiver_that_was_down_gets_everything_later(system: System) -> None:
    caller = system.caller()
    with Receiver(refuse=4) as receiver:
        config = {"url": receiver.url("/hook")}
        task = ask(caller, "HTTP+JSON", system.hire().question, config)
        assert task["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"  # nothing waited for the receiver
        system.answer(code_of(task), "approve")
        ended = asyncio.run(caller.ended(task))
        assert ended["status"]["state"] == "TASK_STATE_COMPLETED"
        told(receiver, "/hook", TOLD)


@pytest.mark.parametrize("binding", BINDINGS)
def test_a_webhook_registered_later_hears_how_the_task_stands_and_then_the_cancel(system: System, binding: str) -> None:
    caller = system.caller()
    task = caller.ask(system.hire(blocked=True).question)
    with Receiver() as receiver:
        url = receiver.url("/hook")
        assert register(caller, binding, task["id"], {"id": "mine", "url": url}) == {
            "id": "mine",
            "taskId": task["id"],
            "url": url,
        }
        told(receiver, "/hook", ["AUTH_REQUIRED"])
        caller.post(f"/tasks/{task['id']}:cancel", {}).raise_for_status()
        told(receiver, "/hook", ["AUTH_REQUIRED", "CANCELED"])


def test_a_deleted_webhook_hears_nothing_more(system: System) -> None:
    caller = system.caller()
    task = caller.ask("Does John Doe work at Staff0?")
    with Receiver() as receiver:
        for name in ("gone", "kept"):
            register(caller, "JSONRPC", task["id"], {"id": name, "url": receiver.url(f"/{name}")})
            told(receiver, f"/{name}", ["INPUT_REQUIRED"])
        url = f"{system.stack['agent_url']}/v1/tasks/{task['id']}/pushNotificationConfigs/gone"
        system.http.delete(url, headers=caller.headers).raise_for_status()
        caller.post(f"/tasks/{task['id']}:cancel", {}).raise_for_status()
        told(receiver, "/kept", ["INPUT_REQUIRED", "CANCELED"])
        assert words(receiver.at("/gone")) == ["INPUT_REQUIRED"]


@pytest.fixture
def sqs(system: System) -> Iterator[SQSClient]:
    with closing(system.aws("sqs")) as client:
        yield client


def test_what_cannot_be_delivered_is_kept_with_the_undelivered(system: System, sqs: SQSClient) -> None:
    """After its last attempt; eight take ten minutes, so that for this test the queue gives up after one."""
    queues = {url.rpartition("/")[2]: url for url in sqs.list_queues()["QueueUrls"]}
    deliveries, undelivered = (next(url for name, url in queues.items() if part in name) for part in QUEUES)
    redrive = sqs.get_queue_attributes(QueueUrl=deliveries, AttributeNames=["RedrivePolicy"])["Attributes"]
    soon = json.dumps(json.loads(redrive["RedrivePolicy"]) | {"maxReceiveCount": 1})
    caller = system.caller()
    task = caller.ask("Does John Doe work at Staff0?")
    sqs.set_queue_attributes(QueueUrl=deliveries, Attributes={"RedrivePolicy": soon})
    try:
        with Receiver(refuse=100) as receiver:
            register(caller, "JSONRPC", task["id"], {"id": "dead", "url": receiver.url("/dead")})
            lost = wait_until(
                lambda: received(sqs, undelivered), lambda found: any(m["task_id"] == task["id"] for m in found)
            )
    finally:
        sqs.set_queue_attributes(QueueUrl=deliveries, Attributes=redrive)
    assert {"task_id": task["id"], "config_id": "dead", "sequence": None} in lost


def received(sqs: SQSClient, url: str) -> list[Json]:
    """Everything in the queue, ten at a time; it stays there."""
    found: list[Json] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=2).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
    return found


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://[::ffff:169.254.169.254]/",
        "https://metadata.google.internal/",
        "https://user@example.com/",
    ],
)
def test_a_webhook_inside_is_refused_by_both_bindings(system: System, url: str) -> None:
    caller = system.caller()
    task = caller.ask("Does John Doe work at Staff0?")
    refused = caller.rpc("CreateTaskPushNotificationConfig", {"taskId": task["id"], "url": url})
    assert refused["error"]["code"] == -32602
    answer = caller.post(f"/tasks/{task['id']}/pushNotificationConfigs", {"url": url})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"] == refused["error"]["data"]


def test_somebody_elses_webhooks_do_not_exist(system: System) -> None:
    task = system.caller("acme").ask("Does John Doe work at Staff0?")
    globex = system.caller("globex")
    for method, params in {
        "CreateTaskPushNotificationConfig": {"url": "https://hooks.example.com/"},
        "ListTaskPushNotificationConfigs": {},
        "GetTaskPushNotificationConfig": {"id": "mine"},
        "DeleteTaskPushNotificationConfig": {"id": "mine"},
    }.items():
        assert globex.rpc(method, {"taskId": task["id"], **params})["error"]["code"] == -32001
