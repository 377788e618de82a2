"""The keys of the tasks table. Items of one request share its task id. No key is shared by all tasks of a caller.

    pk TASK#{id}          sk TASK               the A2A Task as protobuf bytes, its owner, version, state, times
    pk TASK#{id}          sk APPROVAL           owner, question, code, encrypted auth_req_id and token
    pk TASK#{id}          sk EVENT#{version}    one for each write: the updates for streams and webhooks
    pk TASK#{id}          sk PUSH#{hash}        a webhook, its credentials encrypted
    pk WEBHOOKS#{id}      sk WEBHOOKS           the hashes of a task's webhooks, which are limited
    pk MSG#{hash}         sk MSG                the task that this message created
    pk LIST#{hash}#{day}  sk {updated}#{id}     a task in a list: those of its owner that were last updated on that day
    pk TOTAL#{hash}       sk {day}#{shard}      how many tasks of that day are in each state
    pk COUNT#{counter}    sk {window}           the count of that window
    pk SEEN#{counter}     sk {window}#{hash}    a person that this window has counted
    pk PAIR#{hash}        sk PAIR               the cool-down of one caller for one person
    pk ONCE#{name}        sk ONCE               the first writer's value and its time
    pk RECEIVER#{hash}    sk ACCEPTED           the URL has answered 2xx to this caller's notifications
    pk RECEIVER#{hash}    sk GONE#{task id}     the URL has answered 410 for this task: nothing more is sent
    pk RECEIVER#{hash}    sk PACE               how a server has answered this caller's notifications
    pk SLOTS#{hash}       sk SLOTS              what a caller or a server has under way, and whose turn is next

Ids that a caller chooses may be any text, also a person's address, and keys are seen in the stream, the queue and logs.
So keys hold a hash of them (docs/adr/0017). Keys of limits on persons are made from keyed hashes (staff0.person_keys).

Older versions kept the tasks and messages of a caller in one partition, which has a limit of 10 GB (docs/adr/0019):

    pk OWNER#{owner}      sk TASK#{id}          a task; the local index `updated-index` (pk, updated) orders them
    pk OWNER#{owner}      sk MSG#{hash}         the task that this message created
    pk OWNER#{owner}      sk MSG#{id}#{hash}    the same in still older versions
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from a2a.types import Task

from staff0.tasks.key_digest import key_digest
from staff0.tasks.models import MessageKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Item = dict[str, AttributeValueTypeDef]

UPDATED_INDEX = "updated-index"
_TASK_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")  # the agent creates every id
_SEQUENCE: Final = re.compile(r"[0-9]{8}")
_DAY_LENGTH: Final = len("2026-01-05")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MAX_CONFIG_ID_LENGTH: Final = 128  # the limit of the agent


def is_task_id(text: str) -> bool:
    """Whether the text has the form of a task id. Any other text must not become part of a key."""
    return _TASK_ID.fullmatch(text) is not None


def is_config_id(text: str) -> bool:
    return 0 < len(text) <= _MAX_CONFIG_ID_LENGTH


def key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def owner_key(owner: str) -> str:
    return f"OWNER#{owner}"


def read_owner_key(pk: str) -> str:
    """The owner of a task's partition key. Raises ValueError for the key of another item."""
    if not pk.startswith("OWNER#"):
        raise ValueError("not the key of an owner's item")
    return pk.removeprefix("OWNER#")


def task_id_of(item: Item) -> str:
    """The task id in the keys of an item, for log lines; empty if they hold none."""
    keys = [item.get(name, {}).get("S", "") for name in ("pk", "sk")]
    ids = [_after(text, "TASK#") for text in keys]
    return next(filter(is_task_id, ids), "")


def task_key(task_id: str) -> Item:
    return key(f"TASK#{task_id}", "TASK")


def owner_task_key(owner: str, task_id: str) -> Item:
    """The key of a task of older versions."""
    return key(owner_key(owner), f"TASK#{task_id}")


def message_key(owner: str, message: MessageKey) -> Item:
    return key(f"MSG#{key_digest(owner, message.message_id, message.digest)}", "MSG")


def owner_message_keys(owner: str, message: MessageKey) -> list[Item]:
    """The keys of the same message in older versions."""
    hashed = key_digest(message.message_id, message.digest)
    return [key(owner_key(owner), f"MSG#{name}") for name in (hashed, f"{message.message_id}#{message.digest}")]


def approval_key(task_id: str) -> Item:
    return key(f"TASK#{task_id}", "APPROVAL")


def event_key(task_id: str, sequence: int) -> Item:
    return key(f"TASK#{task_id}", f"EVENT#{sequence:08d}")


def is_push_config_reference(text: str) -> bool:
    return _DIGEST.fullmatch(text) is not None


def push_config_key(task_id: str, reference: str) -> Item:
    """`reference` is a push_config_reference, or the id itself for webhooks of older versions."""
    return key(f"TASK#{task_id}", f"PUSH#{reference}")


def push_config_set_key(task_id: str) -> Item:
    return key(f"WEBHOOKS#{task_id}", "WEBHOOKS")


def read_event_key(pk: str, sk: str) -> tuple[str, int] | None:
    """Task id and sequence; None for the key of another item."""
    task_id, sequence = _after(pk, "TASK#"), _after(sk, "EVENT#")
    return (task_id, int(sequence)) if is_task_id(task_id) and _SEQUENCE.fullmatch(sequence) else None


def read_push_config_key(pk: str, sk: str) -> tuple[str, str] | None:
    """Task id and reference; None for the key of another item."""
    task_id, config_id = _after(pk, "TASK#"), _after(sk, "PUSH#")
    return (task_id, config_id) if is_task_id(task_id) and is_config_id(config_id) else None


def _after(text: str, prefix: str) -> str:
    """The text without the prefix; empty if it has another prefix."""
    return text.removeprefix(prefix) if text.startswith(prefix) else ""


def list_key(digest: str, updated: str) -> Item:
    """`updated` is an updated_sort_key, whose day is part of the key."""
    return key(f"LIST#{digest}#{day_of(updated)}", updated)


def is_list_key(pk: str) -> bool:
    return pk.startswith("LIST#")


def task_id_of_entry(updated: str) -> str:
    _, _, task_id = updated.partition("#")
    return task_id


def total_key(digest: str, day: str, shard: int) -> Item:
    return key(f"TOTAL#{digest}", f"{day}#{shard}")


def write_once_key(name: str) -> Item:
    return key(f"ONCE#{name}", "ONCE")


def counter_key(counter: str, window: int) -> Item:
    return key(f"COUNT#{counter}", str(window))


def seen_key(counter: str, window: int, member: str) -> Item:
    return key(f"SEEN#{counter}", f"{window}#{key_digest(member)}")


def cool_down_key(owner: str, about: str) -> Item:
    return key(f"PAIR#{key_digest(owner, about)}", "PAIR")


def accepting_receiver_key(owner: str, url: str) -> Item:
    return key(f"RECEIVER#{key_digest(owner, url)}", "ACCEPTED")


def gone_receiver_key(owner: str, url: str, task_id: str) -> Item:
    return key(f"RECEIVER#{key_digest(owner, url)}", f"GONE#{task_id}")


def pace_key(owner: str, origin: str) -> Item:
    return key(f"RECEIVER#{key_digest(owner, origin)}", "PACE")


def slots_key(group: tuple[str, ...]) -> Item:
    return key(f"SLOTS#{key_digest(*group)}", "SLOTS")


def day_of(updated: str) -> str:
    """The day (UTC) of an updated_sort_key, of a sort_time, or of the sort key of a total."""
    return updated[:_DAY_LENGTH]


def updated_sort_key(task: Task) -> str:
    """The update time with a fixed width, then the task id, so that no two tasks have the same key."""
    return f"{sort_time(updated_at(task))}#{task.id}"


def updated_at(task: Task) -> datetime:
    return task.status.timestamp.ToDatetime(tzinfo=UTC)


def sort_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
