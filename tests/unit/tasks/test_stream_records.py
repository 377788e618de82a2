"""Reading the stream records of items that the store writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff0.tasks import EventWritten, PushConfig, PushConfigWritten, push_config_reference, read_stream_record

from tests.support.sample_tasks import OWNER, approval, key, submitted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore


def test_new_events_and_webhooks_are_read(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    config = PushConfig("t1", "my#config", OWNER, "https://hooks.example/a")
    store.create(OWNER, submitted(), key(), approval=approval(), push_config=config)
    items = dynamodb.scan(TableName="tasks")["Items"]
    keys = [{name: item[name] for name in ("pk", "sk")} for item in items]
    changes = [read_stream_record({"eventName": "INSERT", "dynamodb": {"Keys": each}}) for each in keys]
    assert len(changes) == 12
    assert {change for change in changes if change} == {
        EventWritten("t1", 1),
        PushConfigWritten("t1", push_config_reference("t1", "my#config")),
    }


@pytest.mark.parametrize("what", ["MODIFY", "REMOVE"])
def test_changed_event_is_ignored(what: str) -> None:
    keys = {"pk": {"S": "TASK#t1"}, "sk": {"S": "EVENT#00000001"}}
    assert read_stream_record({"eventName": what, "dynamodb": {"Keys": keys}}) is None


@pytest.mark.parametrize(
    ("pk", "sk"),
    [
        ("TASK#t1", "PUSH#" + "c" * 129),
        ("TASK#" + "t" * 65, "PUSH#c1"),
        ("TASK#" + "t" * 65, "EVENT#00000001"),
        ("TASK#t 1", "EVENT#00000001"),
        ("TASK#t1", "EVENT#1"),
        ("TASK#t1", "EVENT#" + "1" * 5_000),
    ],
    ids=lambda text: text[:20],
)
def test_malformed_key_is_ignored(pk: str, sk: str) -> None:
    """DynamoDB would refuse to look up some of these keys, and the stream would stop at the record."""
    assert read_stream_record({"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}}}) is None
