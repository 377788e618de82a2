"""The audit trail: which caller asked about which person, and the result. One record for each write of a task.

    task_id     S   the task, which is also the name of its execution and a key of every log line
    sequence    N   the version of the task: from 1, without gaps
    day_shard   S   index `day-index`, with `at`: the records of a day, spread over SHARDS partitions
    about       S   index `about-index`, with `at`: the records about a person, which that person may read
    owner, caller, code, state, reason, facts, result, not_asked

Records are written in the transaction of the task. They contain no name, e-mail address or text. `about` is a
pseudonym, which needs the pairwise key to be resolved. `facts` are the ids of what the person is asked to disclose, and
after the approval of what they agreed to. `result` is what the caller was told of a person who approved. `not_asked` is
`switched_off` if no push was sent because the employee does not want to be asked; callers never see it.
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
_DAY_INDEX: Final = "day-index"
_ABOUT_INDEX: Final = "about-index"
_ABOUT_PAGE: Final = 100  # records of one request to DynamoDB, which would read 1 MB otherwise
_WORDS: Final = ("reason", "caller", "about", "code", "facts", "result", "not_asked")


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
    facts: str = ""
    result: str = ""
    not_asked: str = ""


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
    """Reads the audit trail, for operators and for the person it is about.

    Only the employees' page has the permission among the functions, and only for `list_about`.
    """

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
            yield from self._query({"IndexName": _DAY_INDEX}, "day_shard = :value", value)

    def list_about(self, about: str, until: datetime) -> Iterator[AuditRecord]:
        """The records about a person up to a time, the newest first. Eventually consistent.

        A page is read when its first record is needed.
        """
        newest_first: dict[str, Any] = {
            "IndexName": _ABOUT_INDEX,
            "ScanIndexForward": False,
            "PaginationConfig": {"PageSize": _ABOUT_PAGE},
        }
        values = {":about": {"S": about}, ":until": {"S": sort_time(until)}}
        # "at" is a reserved word of DynamoDB's expressions.
        names = {"ExpressionAttributeNames": {"#at": "at"}}
        yield from self._query(newest_first | names, "about = :about AND #at <= :until", values)

    def _query(self, options: dict[str, Any], condition: str, values: dict[str, Any]) -> Iterator[AuditRecord]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table, KeyConditionExpression=condition, ExpressionAttributeValues=values, **options
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
        facts=_facts(approval) if approval else "",
        result=_result(stored.task),
        not_asked="switched_off" if approval and approval.switched_off else "",
    )


def _facts(approval: Approval) -> str:
    return " ".join(approval.facts if approval.granted_facts is None else approval.granted_facts)


def _result(task: Task) -> str:
    """The data of the task's result as words, e.g. `confirmed active name_matches`; empty without a result.

    Further facts are named without their values: `confirmed active start_date job_title`.
    """
    parts = (part for artifact in task.artifacts for part in artifact.parts if part.data.HasField("struct_value"))
    data = next((MessageToDict(part.data.struct_value) for part in parts), None)
    if data is None:
        return ""
    words = ["confirmed" if data.get("confirmed") else "not_confirmed"]
    words.append("active" if data.get("employee_active") else "inactive")
    if data.get("name_matches") is not None:
        words.append("name_matches" if data["name_matches"] else "name_differs")
    words.extend(fact for fact in data.get("facts", ()) if fact in data)
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
