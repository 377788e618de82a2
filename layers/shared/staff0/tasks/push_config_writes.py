"""The writes that store and delete a webhook. A set beside a task's webhooks holds their references.

The write itself checks the size of the set, so that webhooks that arrive at the same time cannot pass the limit. A
webhook of an older version is not in the set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from staff0.tasks.lost_race import CONDITION_FAILED
from staff0.tasks.table_keys import push_config_key, push_config_set_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from botocore.exceptions import ClientError
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

    from staff0.tasks.dynamodb_items import Items
    from staff0.tasks.models import PushConfig

MAX_PUSH_CONFIGS: Final = 5  # of a task
_HAS_ROOM: Final = "attribute_not_exists(#references) OR size(#references) < :max OR contains(#references, :reference)"


def save(items: Items, config: PushConfig, now: datetime) -> list[TransactWriteItemTypeDef]:
    """Stores the webhook, on the condition that the task has fewer than MAX_PUSH_CONFIGS others."""
    update = _update(items, config.task_id, config.reference, "ADD", now)
    update["ConditionExpression"] = _HAS_ROOM
    values: Any = {":max": {"N": str(MAX_PUSH_CONFIGS)}, ":reference": {"S": config.reference}}
    update["ExpressionAttributeValues"] = {**update["ExpressionAttributeValues"], **values}
    return [items.put(items.push_config(config, now)), {"Update": update}]


def delete(items: Items, task_id: str, reference: str, now: datetime) -> list[TransactWriteItemTypeDef]:
    update = _update(items, task_id, reference, "DELETE", now)
    return [items.delete(push_config_key(task_id, reference)), {"Update": update}]


def is_full(error: ClientError, writes: Sequence[TransactWriteItemTypeDef]) -> bool:
    """Whether the transaction failed because the task has MAX_PUSH_CONFIGS webhooks, and for no other reason."""
    reasons = [str(reason.get("Code", "None")) for reason in error.response.get("CancellationReasons", [])]
    failed = [(code, write) for code, write in zip(reasons, writes, strict=False) if code != "None"]
    return bool(failed) and all(code == CONDITION_FAILED and _checks_room(write) for code, write in failed)


def _checks_room(write: TransactWriteItemTypeDef) -> bool:
    return "Update" in write and write["Update"].get("ConditionExpression") == _HAS_ROOM


def _update(items: Items, task_id: str, reference: str, change: str, now: datetime) -> UpdateTypeDef:
    return {
        "TableName": items.table,
        "Key": push_config_set_key(task_id),
        "UpdateExpression": f"{change} #references :changed SET #ttl = :ttl",
        "ExpressionAttributeNames": {"#references": "references", "#ttl": "ttl"},
        "ExpressionAttributeValues": {":changed": {"SS": [reference]}, ":ttl": items.ttl(now)["ttl"]},
    }
