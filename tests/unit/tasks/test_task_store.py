from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from staff0.errors import TaskClosed, TaskConflict, TaskNotFound
from staff0.tasks import TaskState, with_status
from staff0.tasks.approval_json import parse_approval

from tests.support.moto_differences import canceled_transactions
from tests.support.sample_tasks import NOW, OWNER, approval, created, key, submitted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore

    from tests.support.clock import FakeClock


def test_created_task_is_found(store: TaskStore) -> None:
    stored = created(store)
    assert store.get(OWNER, "t1") == stored


def test_resent_message_returns_same_task(store: TaskStore) -> None:
    first, is_new = store.create(OWNER, submitted("t1"), key())
    again, is_new_again = store.create(OWNER, submitted("t2"), key())
    assert (is_new, is_new_again) == (True, False)
    assert again == first


def test_reused_message_id_creates_other_task(store: TaskStore) -> None:
    store.create(OWNER, submitted("t1"), key(digest="one"))
    _, is_new = store.create(OWNER, submitted("t2"), key(digest="two"))
    assert is_new


def test_same_message_of_other_owner_creates_other_task(store: TaskStore) -> None:
    store.create(OWNER, submitted("t1"), key())
    stored, is_new = store.create("globex", submitted("t2"), key())
    assert is_new
    assert stored.task.id == "t2"


@pytest.mark.parametrize(("owner", "task_id"), [("globex", "t1"), (OWNER, "absent")])
def test_absent_task_and_task_of_other_owner_are_not_found(store: TaskStore, owner: str, task_id: str) -> None:
    created(store)
    with pytest.raises(TaskNotFound):
        store.get(owner, task_id)


def test_find_needs_task_id_only(store: TaskStore) -> None:
    stored = created(store)
    found, found_approval = store.find("t1")
    assert found == stored
    assert found_approval == replace(approval(), version=1)
    with pytest.raises(TaskNotFound):
        store.find("absent")


def test_approval_of_older_version_is_readable() -> None:
    old = '{"task_id": "t1", "owner": "idp|acme", "caller": "acme", "question": {"email": "jdoe@staff0.com"}}'
    read = parse_approval(old, 1)
    assert (read.client_id, read.agent_url, read.approved_at) == ("", "", None)


def test_slower_writer_gets_conflict(store: TaskStore, clock: FakeClock) -> None:
    stored = created(store)
    store.commit(stored, with_status(stored.task, TaskState.WORKING, "first", clock()))
    with pytest.raises(TaskConflict):
        store.commit(stored, with_status(stored.task, TaskState.CANCELED, "second", clock()))
    assert store.get(OWNER, "t1").state is TaskState.WORKING


def test_stale_approval_fails_whole_write(store: TaskStore, clock: FakeClock) -> None:
    created(store)
    stored, stale = store.find("t1")
    store.save_approval(stale)
    with pytest.raises(TaskConflict):
        store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", clock()), approval=stale)
    assert store.get(OWNER, "t1") == stored


def test_stale_approval_is_not_saved(store: TaskStore) -> None:
    created(store)
    _, stale = store.find("t1")
    saved = store.save_approval(replace(stale, code="first"))
    with pytest.raises(TaskConflict):
        store.save_approval(replace(stale, code="second"))
    assert store.find("t1")[1] == saved


def test_repeated_write_of_an_approval_is_no_conflict(store: TaskStore) -> None:
    """The AWS client repeats a write whose response was lost. With a conflict the poll's lease would delay the next."""
    created(store)
    _, approval = store.find("t1")
    leased = replace(approval, code="123456")
    assert store.save_approval(leased) == store.save_approval(leased)


def test_fields_without_a_value_take_no_space(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    """Each poll writes the approval twice, and a write unit is one kilobyte."""
    created(store)
    [found] = [item for item in dynamodb.scan(TableName="tasks")["Items"] if item["sk"]["S"] == "APPROVAL"]
    assert "null" not in found["data"]["S"]


@pytest.mark.parametrize("ending", [TaskState.CANCELED, TaskState.FAILED, TaskState.REJECTED])
def test_terminal_task_never_changes(store: TaskStore, clock: FakeClock, ending: TaskState) -> None:
    stored = created(store)
    closed = store.commit(stored, with_status(stored.task, ending, "over", clock()))
    with pytest.raises(TaskClosed):
        store.commit(closed, with_status(closed.task, TaskState.WORKING, "again", clock()))


def test_unknown_transition_is_refused(store: TaskStore, clock: FakeClock) -> None:
    stored = created(store)
    with pytest.raises(ValueError, match="SUBMITTED to COMPLETED"):
        store.commit(stored, with_status(stored.task, TaskState.COMPLETED, "no approval", clock()))


def test_every_write_adds_event(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    stored = created(store)
    store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", clock()))
    answer = dynamodb.query(
        TableName="tasks",
        KeyConditionExpression="pk = :pk AND begins_with(sk, :event)",
        ExpressionAttributeValues={":pk": {"S": "TASK#t1"}, ":event": {"S": "EVENT#"}},
    )
    assert [item["state"]["S"] for item in answer["Items"]] == ["SUBMITTED", "WORKING"]


def test_every_item_expires(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    created(store)
    for item in dynamodb.scan(TableName="tasks")["Items"]:
        assert int(item["ttl"]["N"]) > clock().timestamp()


def test_deadline_is_kept_until_changed(store: TaskStore, clock: FakeClock) -> None:
    deadline = NOW + timedelta(minutes=5)
    stored, _ = store.create(OWNER, submitted(), key(), deadline=deadline)
    working = store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", clock()))
    assert store.get(OWNER, "t1").deadline == deadline
    ended = store.commit(working, with_status(working.task, TaskState.FAILED, "…", clock()), deadline=None)
    assert store.get(OWNER, "t1").deadline is ended.deadline is None


def test_throttled_transaction_is_outage(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    """Repeating it at once, as after a race, would add to the load."""
    stored = created(store)
    with canceled_transactions(dynamodb, ["TransactionConflict", "ThrottlingError"]), pytest.raises(ClientError):
        store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", clock()))


def test_conflict_of_transactions_is_race(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    stored = created(store)
    with canceled_transactions(dynamodb, ["None", "TransactionConflict"]), pytest.raises(TaskConflict):
        store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", clock()))
