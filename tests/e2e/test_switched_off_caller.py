"""An operator switches a caller off while an employee is being asked: the caller gets neither answer nor webhook."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from a2a.types import Task
from staff0.tasks import TaskState

from local.cli.paths import PROJECT
from tests.support.system import Caller, System, code_of
from tests.support.waiting import wait_until
from tests.support.webhook_receiver import Receiver

pytestmark = pytest.mark.alone  # no other test may use the caller meanwhile

NAME = "globex"


def switch(state: str) -> None:
    subprocess.run([sys.executable, "-m", "operations", "callers", state, NAME], cwd=PROJECT, check=True)


@pytest.fixture
def caller(system: System) -> Iterator[Caller]:
    yield system.caller(NAME)
    switch("on")  # takes up to 30 s; the modules that use this caller have run, since those that are alone come last


def stored_task(system: System, task_id: str) -> Task:
    """Read from the table, since the caller itself gets 403 now."""
    key = {"pk": {"S": f"TASK#{task_id}"}, "sk": {"S": "TASK"}}
    with closing(system.aws("dynamodb")) as dynamodb:
        item = dynamodb.get_item(TableName=system.stack["tasks_table"], Key=key)["Item"]
    return Task.FromString(item["task"]["B"])


def test_caller_that_is_switched_off_gets_neither_answer_nor_webhook(system: System, caller: Caller) -> None:
    employee = system.hire()
    with Receiver() as receiver:
        webhook = {"taskPushNotificationConfig": {"url": receiver.url("/hook")}}
        asked = caller.send(caller.message(employee.question), **webhook)
        wait_until(lambda: receiver.at("/hook"), lambda found: "AUTH_REQUIRED" in str(found))
        switch("off")
        system.answer(code_of(asked), "approve")
        task = wait_until(
            lambda: stored_task(system, asked["id"]), lambda task: TaskState(task.status.state).is_terminal
        )
        wait_until(lambda: caller.get(asked["id"]).status_code, lambda status: status == 403)  # cached for 30 s
        told = str([delivery.body for delivery in receiver.at("/hook")])
    assert "COMPLETED" not in told
    assert "FAILED" not in told
    assert TaskState(task.status.state) is TaskState.FAILED
    assert task.status.message.metadata["reason"] == "caller_refused"
    assert not task.artifacts
