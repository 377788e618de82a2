"""What calls cost a caller that has many tasks: reads of DynamoDB, and the items and bytes that they read.

PYTHONPATH=layers/shared:functions/agent:functions/ciba_poller python -m tests.load.growth_table [TASKS ...]

The agent runs in this process on moto. Times are not shown: those of moto grow with all that its tables hold.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import boto3
import httpx
from hr_agent.methods.approval_workflow import StepFunctionsWorkflow
from moto import mock_aws
from staff0.tasks import TaskState, with_status

from tests.faults.caller import agent
from tests.support.a2a_test_client import ASKS_WHO, BASE_URL, QUESTION, JsonRpc
from tests.support.aws_resources import AwsResources
from tests.support.clock import FakeClock
from tests.support.dummy_credentials import DUMMY_CREDENTIALS, REGION
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.fake_callers import KnownCallers
from tests.support.many_tasks import put_tasks
from tests.support.quick_moto import quick_moto
from tests.support.read_counter import counted_reads
from tests.support.sample_tasks import submitted
from tests.support.tables import create_audit_table, create_tasks_table
from tests.support.tokens import ISSUER, machine_token

if TYPE_CHECKING:
    from a2a.types import Task
    from mypy_boto3_dynamodb import DynamoDBClient

TASKS: Final = (0, 1_000, 3_000, 10_000)
OWNER: Final = f"{ISSUER}|acme-client"
OPEN: Final = "TASK_STATE_INPUT_REQUIRED"
_NUMBERS: Final = count(1)

type Call = Callable[[JsonRpc], Awaitable[object]]
CALLS: Final[dict[str, Call]] = {
    "SendMessage, new context": lambda caller: caller.send(QUESTION, _message_id(), contextId=_message_id()),
    "SendMessage, half a question": lambda caller: caller.send(ASKS_WHO, _message_id(), contextId=_message_id()),
    "ListTasks, page of one": lambda caller: caller.list(pageSize=1),
    "ListTasks, page of 50": lambda caller: caller.list(),
    "ListTasks, one task matches": lambda caller: caller.list(status=OPEN, contextId="c"),
}


def _message_id() -> str:
    return f"m-{next(_NUMBERS)}"


def tasks(number: int, clock: FakeClock) -> Iterator[Task]:
    """Tasks of the last ten days. The oldest asks for input."""
    for n in range(number):
        at = clock() - timedelta(days=10) + timedelta(days=10) * n / number
        task = submitted(f"t{n}", "c", at)
        yield with_status(task, TaskState.INPUT_REQUIRED, "Which address?", at) if n == 0 else task


async def rows(number: int) -> list[str]:
    session = boto3.Session(region_name=REGION)
    dynamodb, kms = session.client("dynamodb"), session.client("kms")
    create_tasks_table(dynamodb)
    create_audit_table(dynamodb)
    clock = FakeClock()
    put_tasks(dynamodb, OWNER, tasks(number, clock))
    workflow: Any = FakeApprovalWorkflow()
    callers = KnownCallers.of("acme-client")
    app = agent(AwsResources.create(dynamodb, "tasks", kms), clock, _as_step_functions(workflow), callers)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE_URL) as http:
        caller = JsonRpc(http, machine_token("acme-client"))
        return [f"| {number:>6,} | {await _row(name, call, caller, dynamodb)} |" for name, call in CALLS.items()]


def _as_step_functions(workflow: Any) -> StepFunctionsWorkflow:
    return workflow  # type: ignore[no-any-return]  # has its methods


async def _row(name: str, call: Call, caller: JsonRpc, dynamodb: DynamoDBClient) -> str:
    with counted_reads(dynamodb) as reads:
        await call(caller)
    return f"{name:<28} | {reads.calls:>5} | {reads.items:>6,} | {reads.item_bytes / 1_000:>8,.1f}"


def main() -> None:
    numbers = [int(each) for each in sys.argv[1:]] or TASKS
    print("|  tasks | call                         | reads |  items |       kB |")
    for number in numbers:
        with mock_aws(), quick_moto(), patch.dict(os.environ, DUMMY_CREDENTIALS):
            print(*asyncio.run(rows(number)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
