"""The audit trail: which caller asked about which person, and the result. One record for each write of a task.

    task_id     S   the task, which is also the name of its execution and a key of every log line
    sequence    N   the version of the task: from 1, without gaps
    day_shard   S   index `day-index`, with `at`: the records of a day, spread over SHARDS partitions
    owner, caller, about, code, state, reason, result

Records are written in the transaction of the task. They contain no name, e-mail address or text. `about` is a
pseudonym, which needs the pairwise key to be resolved. `result` is what the caller was told of a person who approved.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from google.protobuf.json_format import MessageToDict

from staff0.tasks.states import TaskState
from staff0.tasks.table_keys import sort_time

if TYPE_CHECKING:
    from a2a.types import Task
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from staff0.tasks.models import Approval, StoredTask

SHARDS: Final = 8  # each takes 1,000 writes a second, and a write in a transaction counts twice
_INDEX: Final = "day-index"
_WORDS: Final = ("reason", "caller", "about", "code", "result")


@dataclass(frozen=True)
class AuditRecord:
    """One write of a task. `owner` is issuer and client id. Fields are empty if they were unknown at that time."""

    task_id: str
    sequence: int
    at: datetime
    owner: str
    state: TaskState
    reason: str = ""
    caller: str = ""
    about: str = ""
    code: str = ""
    result: str = ""


@dataclass(frozen=True)
class AuditTrail:
    """Writes records, each once. They expire after `retention_days`."""

    table: str
    retention_days: int

    def write(self, stored: StoredTask, approval: Approval | None, now: datetime) -> TransactWriteItemTypeDef:
        """The part of the transaction that writes this version of the task."""
        put: Any = {
            "TableName": self.table,
            "Item": self._item(_record(stored, approval, now)),
            "ConditionExpression": "attribute_not_exists(task_id)",
        }
        return {"Put": put}

    def _item(self, record: AuditRecord) -> dict[str, Any]:
        expires_at = record.at + timedelta(days=self.retention_days)
        words = {name: getattr(record, name) for name in _WORDS}
        return {
            "task_id": {"S": record.task_id},
            "sequence": {"N": str(record.sequence)},
            "day_shard": {"S": _day_shard(record.at.date(), zlib.crc32(record.task_id.encode()) % SHARDS)},
            "at": {"S": sort_time(record.at)},
            "owner": {"S": record.owner},
            "state": {"S": record.state.name},
            "ttl": {"N": str(int(expires_at.timestamp()))},
            **{name: {"S": word} for name, word in words.items() if word},
        }


class AuditReader:
    """Reads the audit trail, for operators. No function has the permission."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def list_for_task(self, task_id: str) -> Iterator[AuditRecord]:
        """The records of a task, in the order of their sequence."""
        yield from self._query({}, "task_id = :value", {":value": {"S": task_id}})

    def list_for_day(self, day: date) -> Iterator[AuditRecord]:
        """All records of one day (UTC), unsorted. The index is eventually consistent: the newest may be missing."""
        for shard in range(SHARDS):
            value = {":value": {"S": _day_shard(day, shard)}}
            yield from self._query({"IndexName": _INDEX}, "day_shard = :value", value)

    def _query(self, index: dict[str, str], condition: str, values: dict[str, Any]) -> Iterator[AuditRecord]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            **index,  # type: ignore[arg-type]
        )
        for page in pages:
            yield from map(_read, page["Items"])


def _record(stored: StoredTask, approval: Approval | None, now: datetime) -> AuditRecord:
    metadata = MessageToDict(stored.task.status.message.metadata)
    return AuditRecord(
        task_id=stored.task.id,
        sequence=stored.version,
        at=now,
        owner=stored.owner,
        state=stored.state,
        reason=str(metadata.get("reason", "")),
        caller=approval.caller if approval else "",
        about=(approval.about or "") if approval else "",
        code=(approval.code or "") if approval else "",
        result=_result(stored.task),
    )


def _result(task: Task) -> str:
    """The data of the task's result as words, e.g. `confirmed active name_matches`; empty without a result."""
    parts = (part for artifact in task.artifacts for part in artifact.parts if part.data.HasField("struct_value"))
    data = next((MessageToDict(part.data.struct_value) for part in parts), None)
    if data is None:
        return ""
    words = ["confirmed" if data.get("confirmed") else "not_confirmed"]
    words.append("active" if data.get("employee_active") else "inactive")
    if data.get("name_matches") is not None:
        words.append("name_matches" if data["name_matches"] else "name_differs")
    return " ".join(words)


def _read(item: dict[str, Any]) -> AuditRecord:
    words = {name: item[name]["S"] for name in _WORDS if name in item}
    return AuditRecord(
        task_id=item["task_id"]["S"],
        sequence=int(item["sequence"]["N"]),
        at=datetime.fromisoformat(item["at"]["S"]),
        owner=item["owner"]["S"],
        state=TaskState[item["state"]["S"]],
        **words,
    )


def _day_shard(day: date, shard: int) -> str:
    return f"{day.isoformat()}#{shard}"
