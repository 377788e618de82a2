"""Audit records of whole requests, written as the workflow writes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from staff0.tasks.table_keys import sort_time

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_IDS = count(1)
ISSUER_PREFIX = "https://idp.example/|"


def put_request(
    dynamodb: DynamoDBClient,
    about: str,
    asked_at: datetime,
    *states: str,
    caller: str = "acme",
    client_id: str = "acme-client",
    task_id: str = "",
    facts: str = "employment_status",
    **words: str,
) -> str:
    """Puts the records from the look-up on, ten seconds apart; `words` are those of the last one. Returns the id."""
    task_id = task_id or f"task-{next(_IDS)}"
    for number, state in enumerate(["AUTH_REQUIRED", *states]):
        is_last = number == len(states)
        item: dict[str, Any] = {
            "task_id": {"S": task_id},
            "sequence": {"N": str(number + 3)},
            "at": {"S": sort_time(asked_at + timedelta(seconds=10 * number))},
            "state": {"S": state},
            "owner": {"S": f"{ISSUER_PREFIX}{client_id}"},
            "caller": {"S": caller},
            "about": {"S": about},
            "code": {"S": "K7M4QX"},
            "facts": {"S": facts},
            **({name: {"S": word} for name, word in words.items()} if is_last else {}),
        }
        dynamodb.put_item(TableName="audit", Item=item)
    return task_id
