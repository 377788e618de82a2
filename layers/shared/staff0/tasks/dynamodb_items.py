"""Converts models to items of the tasks table and back. The keys are those of staff0.tasks.table_keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from a2a.types import StreamResponse, Task

from staff0.tasks.approval_json import parse_approval, write_approval
from staff0.tasks.key_digest import push_config_reference
from staff0.tasks.models import Approval, Event, MessageKey, PushConfig, StoredTask
from staff0.tasks.states import TaskState
from staff0.tasks.table_keys import (
    Item,
    approval_key,
    event_key,
    message_key,
    owner_message_keys,
    owner_task_key,
    push_config_key,
    read_owner_key,
    sort_time,
    task_key,
    updated_at,
    updated_sort_key,
)
from staff0.tasks.unreadable_items import reports_unreadable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import ConditionCheckTypeDef, PutTypeDef, TransactWriteItemTypeDef, UpdateTypeDef


@dataclass(frozen=True)
class Items:
    """Builds the items of one table, each with its time to live, and the writes of a transaction."""

    table: str
    retention_days: int

    def ttl(self, at: datetime) -> Item:
        """The end of the day (UTC) on which the retention ends, so that the tasks of one day expire together."""
        midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return {"ttl": {"N": str(int((midnight + timedelta(days=self.retention_days + 1)).timestamp()))}}

    def task(self, stored: StoredTask) -> Item:
        """Its time to live counts from its last update, as for its entries in lists."""
        item: Item = {
            **(owner_task_key(stored.owner, stored.task.id) if stored.has_owner_key else task_key(stored.task.id)),
            **self.ttl(updated_at(stored.task)),
            "owner": {"S": stored.owner},
            "task": {"B": stored.task.SerializeToString()},
            "version": {"N": str(stored.version)},
            "state": {"N": str(int(stored.state))},
            "context_id": {"S": stored.task.context_id},
        }
        if stored.has_owner_key:  # the index orders them
            item["updated"] = {"S": updated_sort_key(stored.task)}
        if stored.deadline:
            item["deadline"] = {"S": stored.deadline.isoformat()}
        return item | _traceparent(stored.traceparent)

    def event(self, owner: str, task_id: str, event: Event) -> Item:
        return {
            **event_key(task_id, event.sequence),
            **self.ttl(event.at),
            "owner": {"S": owner},
            "state": {"S": event.state.name},
            "at": {"S": sort_time(event.at)},
            "updates": {"L": [{"B": update.SerializeToString()} for update in event.updates]},
        }

    def push_config(self, config: PushConfig, now: datetime) -> Item:
        item: Item = {
            **push_config_key(config.task_id, push_config_reference(config.task_id, config.config_id)),
            **self.ttl(now),
            "config_id": {"S": config.config_id},
            "owner": {"S": config.owner},
            "url": {"S": config.url},
            "protocol": {"S": config.protocol},
            "scheme": {"S": config.scheme},
            "since": {"N": str(config.since)},
        }
        if config.encrypted_credentials:
            item["sealed"] = {"B": config.encrypted_credentials}
        if config.agent_url:
            item["agent_url"] = {"S": config.agent_url}
        return item | _traceparent(config.traceparent)

    def approval(self, approval: Approval, now: datetime) -> Item:
        return {
            **approval_key(approval.task_id),
            **self.ttl(now),
            "version": {"N": str(approval.version)},
            "data": {"S": write_approval(approval)},
        }

    def require_task(self, owner: str, task_id: str) -> TransactWriteItemTypeDef:
        check: ConditionCheckTypeDef = {
            "TableName": self.table,
            "Key": task_key(task_id),
            "ConditionExpression": "#owner = :owner",
            "ExpressionAttributeNames": {"#owner": "owner"},
            "ExpressionAttributeValues": {":owner": {"S": owner}},
        }
        return {"ConditionCheck": check}

    def require_older_task(self, owner: str, task_id: str) -> TransactWriteItemTypeDef:
        check: ConditionCheckTypeDef = {
            "TableName": self.table,
            "Key": owner_task_key(owner, task_id),
            "ConditionExpression": "attribute_exists(pk)",
        }
        return {"ConditionCheck": check}

    def new_message(
        self, owner: str, message: MessageKey, task_id: str, now: datetime
    ) -> list[TransactWriteItemTypeDef]:
        """Stores the message, on the condition that neither this version nor an older one has stored it."""
        condition: Any = {
            "TableName": self.table,
            "ConditionExpression": "attribute_not_exists(pk) OR #ttl <= :now",
            "ExpressionAttributeNames": {"#ttl": "ttl"},
            "ExpressionAttributeValues": {":now": {"N": str(int(now.timestamp()))}},
        }
        item: Item = {**message_key(owner, message), **self.ttl(now), "task_id": {"S": task_id}}
        older: list[TransactWriteItemTypeDef] = [
            {"ConditionCheck": condition | {"Key": key}} for key in owner_message_keys(owner, message)
        ]
        return [{"Put": condition | {"Item": item}}, *older]

    def delete(self, key: Item) -> TransactWriteItemTypeDef:
        return {"Delete": {"TableName": self.table, "Key": key}}

    def add(self, key: Item, amounts: Mapping[str, int], ttl: Item) -> TransactWriteItemTypeDef:
        """Adds to the numbers of an item, which is created if it is absent."""
        names = {f"#n{number}": name for number, name in enumerate(amounts)}
        values = {f":n{number}": {"N": str(amount)} for number, amount in enumerate(amounts.values())}
        changes = ", ".join(f"#n{number} :n{number}" for number in range(len(amounts)))
        update: UpdateTypeDef = {
            "TableName": self.table,
            "Key": key,
            "UpdateExpression": f"ADD {changes} SET #ttl = :ttl",
            "ExpressionAttributeNames": {**names, "#ttl": "ttl"},
            "ExpressionAttributeValues": {**values, ":ttl": ttl["ttl"]},
        }
        return {"Update": update}

    def put(self, item: Item) -> TransactWriteItemTypeDef:
        return {"Put": {"TableName": self.table, "Item": item}}

    def put_new(self, item: Item) -> TransactWriteItemTypeDef:
        put: PutTypeDef = {
            "TableName": self.table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return {"Put": put}

    def replace_version(self, item: Item, version: int) -> TransactWriteItemTypeDef:
        """Replaces `version` of an item, or creates the item if `version` is 0."""
        if version == 0:
            return self.put_new(item)
        put: PutTypeDef = {
            "TableName": self.table,
            "Item": item,
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": {":version": {"N": str(version)}},
        }
        return {"Put": put}


def _traceparent(traceparent: str) -> Item:
    return {"traceparent": {"S": traceparent}} if traceparent else {}


def _read_traceparent(item: Item) -> str:
    return str(item.get("traceparent", {}).get("S", ""))  # absent in most items; no reason to lose one


@reports_unreadable
def read_task(item: Item) -> StoredTask:
    deadline, has_owner_key = item.get("deadline"), item["sk"]["S"] != task_key("")["sk"]["S"]
    stored = StoredTask(
        owner=read_owner_key(item["pk"]["S"]) if has_owner_key else item["owner"]["S"],
        task=Task.FromString(bytes(item["task"]["B"])),
        version=int(item["version"]["N"]),
        deadline=datetime.fromisoformat(deadline["S"]) if deadline else None,
        has_owner_key=has_owner_key,
        traceparent=_read_traceparent(item),
    )
    read_state(stored.task)  # raises ValueError for a state that this version does not know
    return stored


@reports_unreadable
def read_approval(item: Item) -> Approval:
    return parse_approval(item["data"]["S"], int(item["version"]["N"]))


@reports_unreadable
def read_event(item: Item) -> Event:
    return Event(
        sequence=int(item["sk"]["S"].removeprefix("EVENT#")),
        state=TaskState[item["state"]["S"]],
        at=datetime.fromisoformat(item["at"]["S"]),
        updates=[StreamResponse.FromString(bytes(update["B"])) for update in item["updates"]["L"]],
    )


@reports_unreadable
def read_push_config(item: Item) -> PushConfig:
    credentials, has_plain_key = item.get("sealed"), "config_id" not in item
    return PushConfig(
        task_id=item["pk"]["S"].removeprefix("TASK#"),
        config_id=item["sk"]["S"].removeprefix("PUSH#") if has_plain_key else item["config_id"]["S"],
        owner=item["owner"]["S"],
        url=item["url"]["S"],
        protocol=item["protocol"]["S"],
        scheme=item["scheme"]["S"],
        encrypted_credentials=bytes(credentials["B"]) if credentials else None,
        since=int(item["since"]["N"]),
        traceparent=_read_traceparent(item),
        agent_url=item.get("agent_url", {}).get("S", ""),
        has_plain_key=has_plain_key,
    )


def read_owner(approval: Item, first_event: Item) -> str | None:
    """The owner of a task whose approval cannot be read; None if no item has it."""
    with suppress(KeyError, TypeError, ValueError):
        return str(json.loads(approval["data"]["S"])["owner"])
    return first_event.get("owner", {}).get("S")  # absent in events of older versions


def read_state(task: Task) -> TaskState:
    return TaskState(task.status.state)
