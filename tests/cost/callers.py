"""The four ways in which a caller gets its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from tests.support.streaming_client import Following
from tests.support.system import TERMINAL, Caller, Employee, Json, System
from tests.support.waiting import wait_until
from tests.support.webhook_receiver import Receiver

POLL_SECONDS: Final = 5.0

type Ask = Callable[[Caller, str], None]


def poll(caller: Caller, question: str) -> None:
    """SendMessage, then GetTask every five seconds."""
    task = caller.ask(question)
    while not _has_ended(task):
        time.sleep(POLL_SECONDS)
        task = caller.get(task["id"]).raise_for_status().json()


def wait(caller: Caller, question: str) -> None:
    """SendMessage, then GetTask with Staff0-Wait, which returns with the next change."""
    task = _wait_for_change(caller, caller.ask(question)["id"], 0)
    while not _has_ended(task):
        task = _wait_for_change(caller, task["id"], int(task["metadata"]["sequence"]))


def stream(caller: Caller, question: str) -> None:
    """SendStreamingMessage, then SubscribeToTask after each window."""
    following = Following(caller, "HTTP+JSON")
    following.send(caller.message(question))
    following.to_the_end(following.updates[0]["task"]["id"], meanwhile=lambda _: None)


def webhook(caller: Caller, question: str) -> None:
    """SendMessage with a webhook and returnImmediately. The last notification has the answer."""
    with Receiver() as receiver:
        hook = {"url": receiver.url("/hook"), "token": "our-token"}
        caller.send(caller.message(question), returnImmediately=True, taskPushNotificationConfig=hook)
        wait_until(lambda: receiver.at("/hook"), lambda found: any("COMPLETED" in str(each.body) for each in found))


STYLES: Final[dict[str, Ask]] = {"poll": poll, "wait": wait, "stream": stream, "webhook": webhook}


def verify(system: System, ask: Ask, answer_seconds: float) -> None:
    """One verification by a new caller's token. The employee approves so long after the push."""
    caller, employee = system.caller(), system.hire()
    with ThreadPoolExecutor(1) as phone:
        approved = phone.submit(_approve, system, employee, answer_seconds)
        ask(caller, employee.question)
        approved.result()


def _approve(system: System, employee: Employee, answer_seconds: float) -> None:
    def pushed() -> list[Json]:
        return [request for request in system.pending() if request["sub"] == employee.sub]

    [request] = wait_until(pushed, bool)
    time.sleep(answer_seconds)
    system.http.post(f"{system.stack['phone_url']}/api/requests/{request['id']}/approve").raise_for_status()


def _wait_for_change(caller: Caller, task_id: str, sequence: int) -> Json:
    header = {"Staff0-Wait": f"20;after={sequence}"}
    task: Json = replace(caller, headers=caller.headers | header).get(task_id).raise_for_status().json()
    return task


def _has_ended(task: Json) -> bool:
    return task["status"]["state"] in TERMINAL
