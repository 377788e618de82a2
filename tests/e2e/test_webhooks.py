"""Webhooks of the deployed stack: the receiver gets every change of a task."""

from __future__ import annotations

import asyncio
import runpy
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from tests.support.callers_guide import program_below
from tests.support.streaming_client import word
from tests.support.system import Caller, Json, System, code_of
from tests.support.webhook_receiver import Delivery, Receiver

BINDINGS = ["JSONRPC", "HTTP+JSON"]
ALL_UPDATES = ["SUBMITTED", "WORKING", "AUTH_REQUIRED", "WORKING", "artifact", "COMPLETED"]


def in_order(deliveries: list[Delivery]) -> list[Json]:
    """Bodies in the order of their sequence numbers, without repetitions."""
    numbered = {numbers(delivery.body): delivery.body for delivery in deliveries}
    return [numbered[place] for place in sorted(numbered)]


def numbers(body: Json) -> tuple[float, str]:
    metadata = next(body[kind]["metadata"] for kind in ("task", "statusUpdate", "artifactUpdate") if kind in body)
    return metadata["sequence"], metadata["event_id"]


def words(deliveries: list[Delivery]) -> list[str]:
    return [word(body) for body in in_order(deliveries)]


def wait_for(receiver: Receiver, path: str, expected: list[str]) -> list[Delivery]:
    """Deliveries at the path, as soon as they are the expected ones."""
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


def test_receiver_of_the_guide_accepts_every_notification(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "receiver.py"
    program.write_text(program_below("#### Verify a notification", "python"))
    caller = system.caller()
    with Receiver() as receiver:
        url = receiver.url("/hook")
        ask(caller, "HTTP+JSON", system.hire(blocked=True).question, {"url": url})
        deliveries = wait_for(receiver, "/hook", ALL_UPDATES[:3])
        identity = {"AGENT": system.stack["agent_url"], "HOOK": url}
        for name, value in (identity | {"CLIENT_ID": system.stack["clients"]["acme"]["client_id"]}).items():
            monkeypatch.setenv(name, value)
        receive = runpy.run_path(str(program))["receive"]
        for delivery in deliveries:
            assert receive(delivery.headers["staff0-signature"], delivery.content) == HTTPStatus.NO_CONTENT
            assert receive(delivery.headers["staff0-signature"], delivery.content + b" ") == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize("binding", BINDINGS)
def test_webhook_of_the_question_gets_every_update(system: System, binding: str) -> None:
    caller = system.caller()
    known_by = {"token": "our-token", "authentication": {"scheme": "Bearer", "credentials": "our-credentials"}}
    with Receiver() as receiver:
        config = {"url": receiver.url("/hook"), **known_by}
        task = ask(caller, binding, system.hire().question, config)
        system.answer(code_of(task), "approve")
        for delivery in wait_for(receiver, "/hook", ALL_UPDATES):
            assert delivery.headers["authorization"] == "Bearer our-credentials"
            assert delivery.headers["x-a2a-notification-token"] == "our-token"
            assert delivery.headers["content-type"] == "application/a2a+json"
            assert len(delivery.body) == 1  # one StreamResponse (A2A 4.3.3)


def test_receiver_gets_every_update_after_an_outage(system: System) -> None:
    caller = system.caller()
    with Receiver(refuse=4) as receiver:
        config = {"url": receiver.url("/hook")}
        task = ask(caller, "HTTP+JSON", system.hire().question, config)
        assert task["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"  # the answer does not wait for the receiver
        system.answer(code_of(task), "approve")
        ended = asyncio.run(caller.ended(task))
        assert ended["status"]["state"] == "TASK_STATE_COMPLETED"
        wait_for(receiver, "/hook", ALL_UPDATES)


@pytest.mark.parametrize("binding", BINDINGS)
def test_later_webhook_gets_the_current_state_and_the_cancellation(system: System, binding: str) -> None:
    caller = system.caller()
    task = caller.ask(system.hire(blocked=True).question)
    with Receiver() as receiver:
        url = receiver.url("/hook")
        assert register(caller, binding, task["id"], {"id": "mine", "url": url}) == {
            "id": "mine",
            "taskId": task["id"],
            "url": url,
        }
        wait_for(receiver, "/hook", ["AUTH_REQUIRED"])
        caller.post(f"/tasks/{task['id']}:cancel", {}).raise_for_status()
        wait_for(receiver, "/hook", ["AUTH_REQUIRED", "CANCELED"])


def test_deleted_webhook_gets_nothing_more(system: System) -> None:
    caller = system.caller()
    task = caller.ask("Does John Doe work at Staff0?")
    with Receiver() as receiver:
        for name in ("gone", "kept"):
            register(caller, "JSONRPC", task["id"], {"id": name, "url": receiver.url(f"/{name}")})
            wait_for(receiver, f"/{name}", ["INPUT_REQUIRED"])
        url = f"{system.stack['agent_url']}/v1/tasks/{task['id']}/pushNotificationConfigs/gone"
        system.http.delete(url, headers=caller.headers).raise_for_status()
        caller.post(f"/tasks/{task['id']}:cancel", {}).raise_for_status()
        wait_for(receiver, "/kept", ["INPUT_REQUIRED", "CANCELED"])
        assert words(receiver.at("/gone")) == ["INPUT_REQUIRED"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://[::ffff:169.254.169.254]/",
        "https://metadata.google.internal/",
        "https://user@example.com/",
        "https://example.com:8443/",
    ],
)
def test_webhook_that_may_not_be_called_is_rejected(system: System, url: str) -> None:
    caller = system.caller()
    task = caller.ask("Does John Doe work at Staff0?")
    refused = caller.rpc("CreateTaskPushNotificationConfig", {"taskId": task["id"], "url": url})
    assert refused["error"]["code"] == -32602
    answer = caller.post(f"/tasks/{task['id']}/pushNotificationConfigs", {"url": url})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"] == refused["error"]["data"]


def test_webhooks_of_another_caller_are_not_found(system: System) -> None:
    task = system.caller("acme").ask("Does John Doe work at Staff0?")
    globex = system.caller("globex")
    for method, params in {
        "CreateTaskPushNotificationConfig": {"url": "https://hooks.example.com/"},
        "ListTaskPushNotificationConfigs": {},
        "GetTaskPushNotificationConfig": {"id": "mine"},
        "DeleteTaskPushNotificationConfig": {"id": "mine"},
    }.items():
        assert globex.rpc(method, {"taskId": task["id"], **params})["error"]["code"] == -32001
