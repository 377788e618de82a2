"""A caller with many tasks costs as many reads as one with few, and the tasks of a caller share no partition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from staff0.tasks import TaskState, with_status

from tests.support.a2a_test_client import ASKS_WHO, QUESTION, Agent
from tests.support.clock import FakeClock
from tests.support.many_tasks import put_tasks
from tests.support.read_counter import counted_reads
from tests.support.sample_tasks import submitted
from tests.support.tokens import ISSUER

if TYPE_CHECKING:
    from a2a.types import Task
    from mypy_boto3_dynamodb import DynamoDBClient

FEW = 100
MANY = 1_000
OPEN = "TASK_STATE_INPUT_REQUIRED"
ADDRESS = "The address is jdoe@staff0.com"

type Call = Callable[[Agent, str], Awaitable[object]]
CALLS: dict[str, Call] = {
    "list": lambda agent, _: agent.list(),
    "list of a frequent state": lambda agent, _: agent.list(status="TASK_STATE_SUBMITTED"),
    "list of a rare state": lambda agent, _: agent.list(status=OPEN),
    "list of an absent state": lambda agent, _: agent.list(status="TASK_STATE_COMPLETED"),
    "list of a large context": lambda agent, _: agent.list(contextId="large"),
    "list of a small context": lambda agent, _: agent.list(contextId="small"),
    "list of a context and a state": lambda agent, _: agent.list(contextId="large", status=OPEN),
    "get": lambda agent, first: agent.get(first),
    "question in a new context": lambda agent, _: agent.send(QUESTION, "m-1", contextId="new"),
    "question in a large context": lambda agent, _: agent.send(QUESTION, "m-2", contextId="large"),
    "half a question in a new context": lambda agent, _: agent.send(ASKS_WHO, "m-3", contextId="newer"),
    "half a question in a large context": lambda agent, _: agent.send(ADDRESS, "m-4", contextId="large"),
    "no question in a large context": lambda agent, _: agent.send("Any news?", "m-6", contextId="large"),
    "follow-up": lambda agent, first: agent.send(ADDRESS, "m-5", taskId=first),
    "cancel": lambda agent, first: agent.cancel(first),
}


def tasks(caller: str, count: int) -> list[Task]:
    """Tasks of two days. The oldest asks for input, the second oldest is in a context of its own."""
    now = FakeClock()()
    times = [now - timedelta(days=1) + timedelta(days=1) * number / count for number in range(count)]
    found = [submitted(f"{caller}{number:04d}", "large", at) for number, at in enumerate(times)]
    found[0] = with_status(found[0], TaskState.INPUT_REQUIRED, "Which address?", times[0])
    found[1].context_id = "small"
    return found


async def test_reads_do_not_grow_with_the_tasks(agent: Agent, globex: Agent, dynamodb: DynamoDBClient) -> None:
    put_tasks(dynamodb, f"{ISSUER}|acme-client", tasks("a", FEW))
    put_tasks(dynamodb, f"{ISSUER}|globex-client", tasks("g", MANY))
    for name, call in CALLS.items():
        with counted_reads(dynamodb) as with_few:
            await call(agent, "a0000")
        with counted_reads(dynamodb) as with_many:
            await call(globex, "g0000")
        assert with_many.calls <= with_few.calls, name
        assert with_many.items <= with_few.items, name


async def test_totals_are_those_of_all_tasks(agent: Agent, dynamodb: DynamoDBClient) -> None:
    put_tasks(dynamodb, f"{ISSUER}|acme-client", tasks("a", FEW))
    assert (await agent.list(pageSize=1))["totalSize"] == FEW
    assert (await agent.list(pageSize=1, contextId="large"))["totalSize"] == FEW - 1
    assert (await agent.list(pageSize=1, status=OPEN))["totalSize"] == 1


async def test_tasks_of_a_caller_share_no_partition(agent: Agent, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    """A partition with a local index has at most 10 GB; then every write fails. Only lists are shared, by the day."""
    for number in range(3):
        await agent.send(QUESTION, f"m-{number}", contextId="c")
        clock.advance(86_400)
    partitions = Counter(item["pk"]["S"] for item in dynamodb.scan(TableName="tasks")["Items"])
    assert not [name for name in partitions if name.startswith("OWNER#")]
    assert {name: count for name, count in partitions.items() if name.startswith(("LIST#", "MSG#")) and count > 1} == {}
    assert "updated" not in {name for item in dynamodb.scan(TableName="tasks")["Items"] for name in item}
