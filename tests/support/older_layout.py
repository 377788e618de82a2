"""Tasks as versions before docs/adr/0019 stored them: in one partition of their owner, with a local index."""

from __future__ import annotations

from copy import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from staff0.tasks import Approval, Event, MessageKey, TaskState
from staff0.tasks.dynamodb_items import Items
from staff0.tasks.key_digest import key_digest

if TYPE_CHECKING:
    from a2a.types import Task
    from mypy_boto3_dynamodb import DynamoDBClient

_RETENTION = timedelta(days=30)


def put_older_task(
    dynamodb: DynamoDBClient,
    owner: str,
    task: Task,
    *,
    message: MessageKey | None = None,
    approval: Approval | None = None,
    deadline: datetime | None = None,
    table: str = "tasks",
) -> None:
    """Writes what an older version wrote for a new task."""
    at = task.status.timestamp.ToDatetime(tzinfo=UTC)
    ttl = {"ttl": {"N": str(int((at + _RETENTION).timestamp()))}}
    item: dict[str, Any] = {
        "pk": {"S": f"OWNER#{owner}"},
        "sk": {"S": f"TASK#{task.id}"},
        **ttl,
        "task": {"B": task.SerializeToString()},
        "version": {"N": "1"},
        "state": {"N": str(task.status.state)},
        "context_id": {"S": task.context_id},
        "updated": {"S": f"{at.strftime('%Y-%m-%dT%H:%M:%S.%fZ')}#{task.id}"},
    }
    if deadline:
        item["deadline"] = {"S": deadline.isoformat()}
    items = Items(table, _RETENTION.days)
    found = [item, items.event(owner, task.id, Event(1, TaskState(task.status.state), at, []))]
    if message:
        hashed = key_digest(message.message_id, message.digest)
        key = {"pk": {"S": f"OWNER#{owner}"}, "sk": {"S": f"MSG#{hashed}"}}
        found.append({**key, **ttl, "task_id": {"S": task.id}})
    if approval:
        found.append(items.approval(replace(approval, version=1), at))
    for each in found:
        dynamodb.put_item(TableName=table, Item=each)
