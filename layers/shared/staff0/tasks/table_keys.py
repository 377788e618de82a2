"""The table's keys. Everything of one request lies under its task id; a caller's tasks under the owner.

    pk OWNER#{owner}    sk TASK#{id}            the A2A Task as protobuf bytes, version, state, times
    pk OWNER#{owner}    sk MSG#{id}#{digest}    the task that this message opened
    pk TASK#{id}        sk APPROVAL             owner, question, code, sealed auth_req_id and token
    pk TASK#{id}        sk EVENT#{version}      one per write: what streams and webhooks tell
    pk TASK#{id}        sk PUSH#{config id}     a webhook, its credentials sealed
    pk COUNT#{what}     sk {window}             how many in that window
    pk SEEN#{what}      sk {window}#{hash}      who was counted in that window already
    pk PAIR#{hash}      sk PAIR                 when one caller may ask about one person again
    pk ONCE#{name}      sk ONCE                 bytes that the first writer decides for everybody, and when that was

Index `updated-index` (pk, updated) orders an owner's tasks; it is local, so that a new task is listed at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from a2a.types import Task

from staff0.tasks.models import MessageKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Item = dict[str, AttributeValueTypeDef]

UPDATED_INDEX = "updated-index"
_TASK_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")  # the agent makes them, nobody else
_SEQUENCE: Final = re.compile(r"[0-9]{8}")
_LONGEST_CONFIG_ID: Final = 128  # the agent takes no longer one


def is_task_id(text: str) -> bool:
    """Whether it may be the id of a task: what may not is no key to look up, whoever brings it."""
    return _TASK_ID.fullmatch(text) is not None


def is_config_id(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_CONFIG_ID


def key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def owner_key(owner: str) -> str:
    return f"OWNER#{owner}"


def task_key(owner: str, task_id: str) -> Item:
    return key(owner_key(owner), f"TASK#{task_id}")


def message_key(owner: str, message: MessageKey) -> Item:
    return key(owner_key(owner), f"MSG#{message.message_id}#{message.digest}")


def approval_key(task_id: str) -> Item:
    return key(f"TASK#{task_id}", "APPROVAL")


def event_key(task_id: str, sequence: int) -> Item:
    return key(f"TASK#{task_id}", f"EVENT#{sequence:08d}")


def push_config_key(task_id: str, config_id: str) -> Item:
    return key(f"TASK#{task_id}", f"PUSH#{config_id}")


def read_event_key(pk: str, sk: str) -> tuple[str, int] | None:
    """Task id and sequence; None for the key of anything else."""
    task_id, sequence = _after(pk, "TASK#"), _after(sk, "EVENT#")
    return (task_id, int(sequence)) if is_task_id(task_id) and _SEQUENCE.fullmatch(sequence) else None


def read_push_config_key(pk: str, sk: str) -> tuple[str, str] | None:
    """Task id and config id; None for the key of anything else."""
    task_id, config_id = _after(pk, "TASK#"), _after(sk, "PUSH#")
    return (task_id, config_id) if is_task_id(task_id) and is_config_id(config_id) else None


def _after(text: str, prefix: str) -> str:
    """Empty where the prefix is another."""
    return text.removeprefix(prefix) if text.startswith(prefix) else ""


def write_once_key(name: str) -> Item:
    return key(f"ONCE#{name}", "ONCE")


def counter_key(counter: str, window: int) -> Item:
    return key(f"COUNT#{counter}", str(window))


def seen_key(counter: str, window: int, member: str) -> Item:
    return key(f"SEEN#{counter}", f"{window}#{_digest(member)}")


def cool_down_key(owner: str, about: str) -> Item:
    return key(f"PAIR#{_digest(owner, about)}", "PAIR")


def _digest(*parts: str) -> str:
    """Keys stand in more places than items do, so they name no person; and what a caller wrote may be long."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def updated_sort_key(task: Task) -> str:
    """Fixed-width time, then the id, so that it sorts and never ties."""
    at = task.status.timestamp.ToDatetime(tzinfo=UTC)
    return f"{sort_time(at)}#{task.id}"


def sort_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
