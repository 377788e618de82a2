"""Lists and totals after any sequence of writes are those of the tasks themselves."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from staff0.errors import TaskConflict
from staff0.tasks import AuditTrail, ListQuery, TaskState, TaskStore, with_status
from staff0.tasks.task_lists import SHARDS

from tests.support.moto_differences import canceled_transactions
from tests.support.sample_tasks import NOW, OWNER, created, key, submitted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import StoredTask

    from tests.support.clock import FakeClock

CONTEXTS = ("c1", "c2")


def step(store: TaskStore, stored: StoredTask, state: TaskState, clock: FakeClock) -> StoredTask:
    return store.commit(stored, with_status(stored.task, state, "…", clock()))


STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(TaskState), st.integers(0, 200_000)), max_size=12)


@pytest.mark.exhaustive
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_lists_match_the_tasks(store: TaskStore, clock: FakeClock, steps: list[tuple[int, TaskState, int]]) -> None:
    """Each example is an owner of its own, so that they share the table."""
    owner = f"owner-{clock().timestamp()}"
    tasks: dict[int, StoredTask] = {}
    for number, state, seconds in steps:
        clock.advance(seconds + 1)
        if number not in tasks:
            task_id = f"{number}-{int(clock().timestamp())}"
            tasks[number], _ = store.create(
                owner, submitted(task_id, CONTEXTS[number % 2], clock()), key(f"{owner}-{number}")
            )
        elif tasks[number].state.can_become(state):
            tasks[number] = step(store, tasks[number], state, clock)
    for context in (None, *CONTEXTS):
        for in_state in (None, *TaskState):
            _assert_listed(store, owner, context, in_state, list(tasks.values()))


def _assert_listed(
    store: TaskStore, owner: str, context: str | None, state: TaskState | None, tasks: list[StoredTask]
) -> None:
    page = store.page(owner, ListQuery(context_id=context, state=state))
    matching = [t for t in tasks if context in {None, t.task.context_id} and state in {None, t.state}]
    newest = sorted(matching, key=lambda stored: stored.task.status.timestamp.ToDatetime(), reverse=True)
    assert [task.id for task in page.tasks] == [stored.task.id for stored in newest]
    assert page.total == len(newest)


def test_write_that_changes_no_status_moves_nothing(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    stored = created(store)
    before = _lists(dynamodb)
    store.commit(stored, stored.task)
    assert _lists(dynamodb) == before


def test_lost_race_changes_no_total(store: TaskStore, clock: FakeClock) -> None:
    stored = created(store)
    step(store, stored, TaskState.WORKING, clock)
    with pytest.raises(TaskConflict):
        step(store, stored, TaskState.CANCELED, clock)
    store.create(OWNER, submitted("t2"), key("t1"))  # the message was resent
    assert store.page(OWNER, ListQuery()).total == 1
    assert store.page(OWNER, ListQuery(state=TaskState.WORKING)).total == 1


def test_concurrent_writes_of_a_caller_are_a_race(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    """They may meet at a total of the caller: such a write is repeated, not answered with 503."""
    stored = created(store)
    with canceled_transactions(dynamodb, [*["None"] * 8, "TransactionConflict"]), pytest.raises(TaskConflict):
        step(store, stored, TaskState.WORKING, clock)


def test_totals_of_a_caller_are_spread(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    for number in range(40):
        store.create(OWNER, submitted(f"t{number}", f"c{number}"), key(f"t{number}"))
    partitions = Counter(
        item["pk"]["S"] for item in dynamodb.scan(TableName="tasks")["Items"] if item["pk"]["S"].startswith("TOTAL#")
    )
    assert max(partitions.values()) == SHARDS


def test_total_of_a_day_that_is_cut_counts_to_a_limit(store: TaskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        store.create(OWNER, submitted(f"t{number}", at=NOW + timedelta(hours=number)), key(f"t{number}"))
        store.create(OWNER, submitted(f"d{number}", at=NOW + timedelta(days=1)), key(f"d{number}"))
    query = ListQuery(updated_after=NOW + timedelta(hours=1), page_size=1)
    assert store.page(OWNER, query).total == 4 + 6
    monkeypatch.setattr("staff0.tasks.listing.MAX_COUNTED", 3)
    assert store.page(OWNER, query).total == 3 + 6


def test_task_that_has_just_moved_is_not_in_its_old_list(
    store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    """Another writer moves it between the read of the list and the read of the task."""
    stored = created(store)
    other = TaskStore(dynamodb, "tasks", clock, AuditTrail("audit", retention_days=365))

    def move(**_: object) -> None:
        dynamodb.meta.events.unregister("before-call.dynamodb.BatchGetItem", move)
        step(other, stored, TaskState.WORKING, clock)

    dynamodb.meta.events.register_first("before-call.dynamodb.BatchGetItem", move)
    assert store.page(OWNER, ListQuery(state=TaskState.SUBMITTED)).tasks == []


def test_unprocessed_keys_are_read_again(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    for number in range(3):
        created(store, f"t{number}")

    def process_one(parsed: dict[str, dict[str, object]], **_: object) -> None:
        found = parsed["Responses"]["tasks"]
        assert isinstance(found, list)
        left = [{"pk": item["pk"], "sk": item["sk"]} for item in found[1:]]
        del found[1:]
        parsed["UnprocessedKeys"] = {"tasks": {"Keys": left, "ConsistentRead": True}} if left else {}

    dynamodb.meta.events.register("after-call.dynamodb.BatchGetItem", process_one)
    assert len(store.page(OWNER, ListQuery()).tasks) == 3


def test_unreadable_total_does_not_stop_the_list(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    created(store, "t1")
    created(store, "t2")
    item = next(i for i in dynamodb.scan(TableName="tasks")["Items"] if i["pk"]["S"].startswith("TOTAL#"))
    dynamodb.put_item(TableName="tasks", Item=item | {"SUBMITTED": {"S": "many"}})
    assert [task.id for task in store.page(OWNER, ListQuery()).tasks] in (["t2", "t1"], [])


def _lists(dynamodb: DynamoDBClient) -> list[object]:
    found = dynamodb.scan(TableName="tasks")["Items"]
    return [item for item in found if item["pk"]["S"].startswith(("LIST#", "TOTAL#"))]
