"""An operator restores a table, as docs/operations.md says, and callers find their tasks again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from local.cli.paths import PROJECT
from tests.support.system import Caller, Json, System
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.alone  # it deletes items of the tasks table

RESTORED = "restored-tasks"


@pytest.fixture
def dynamodb(system: System) -> Iterator[DynamoDBClient]:
    with closing(system.aws("dynamodb")) as client:
        yield client


@pytest.fixture
def backup(system: System, dynamodb: DynamoDBClient, tasks: list[Json]) -> Iterator[str]:
    """A backup that was made with the tasks in the table."""
    details = dynamodb.create_backup(TableName=system.stack["tasks_table"], BackupName="before-the-loss")
    yield details["BackupDetails"]["BackupArn"]
    dynamodb.delete_backup(BackupArn=details["BackupDetails"]["BackupArn"])
    dynamodb.delete_table(TableName=RESTORED)


@pytest.fixture
def caller(system: System) -> Caller:
    return system.caller()


@pytest.fixture
async def tasks(system: System, caller: Caller) -> list[Json]:
    """One that has ended, and one whose employee is being asked."""
    answered, asked = system.hire_many(2)
    return [await caller.verification(answered.question, "approve"), caller.ask(asked.question)]


def lose(dynamodb: DynamoDBClient, table: str, task_ids: set[str]) -> None:
    """Deletes the tasks and their places in lists."""
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            key: Any = {name: item[name] for name in ("pk", "sk")}
            if any(task_id in key[name]["S"] for task_id in task_ids for name in key):
                dynamodb.delete_item(TableName=table, Key=key)


def restore(table: str, source: str) -> str:
    command = [sys.executable, "-m", "operations", "restore", table, "--from", source]
    return subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout


def listed(caller: Caller) -> set[str]:
    return {task["id"] for task in caller.rpc("ListTasks", {"pageSize": 100})["result"]["tasks"]}


def wait_until_execution_has_failed(system: System, task_id: str) -> None:
    arn = system.stack["state_machine_arn"].replace(":stateMachine:", ":execution:") + f":{task_id}"
    with closing(system.aws("stepfunctions")) as states:
        wait_until(lambda: states.describe_execution(executionArn=arn)["status"], lambda status: status == "FAILED")


def test_restored_tasks_are_found_and_can_be_ended(
    system: System, caller: Caller, dynamodb: DynamoDBClient, tasks: list[Json], backup: str
) -> None:
    """The execution of the open one has met its loss, so nothing polls for it any more."""
    ended, asked = tasks
    lose(dynamodb, system.stack["tasks_table"], {ended["id"], asked["id"]})
    assert caller.get(ended["id"]).status_code == 404
    wait_until_execution_has_failed(system, asked["id"])
    dynamodb.restore_table_from_backup(TargetTableName=RESTORED, BackupArn=backup)
    assert restore("tasks", RESTORED).startswith("Put back: ")
    assert caller.get(ended["id"]).json() == ended
    assert {ended["id"], asked["id"]} <= listed(caller)
    assert caller.get(asked["id"]).json()["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    canceled = caller.rpc("CancelTask", {"id": asked["id"]})["result"]
    assert canceled["status"]["state"] == "TASK_STATE_CANCELED"
