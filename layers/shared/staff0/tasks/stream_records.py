"""Reads records of the table's DynamoDB stream, which contain keys only and so no personal data."""

from __future__ import annotations

from dataclasses import dataclass

from staff0.tasks.table_keys import read_event_key, read_push_config_key


@dataclass(frozen=True)
class EventWritten:
    """A task was written: this event of it can be sent to webhooks."""

    task_id: str
    sequence: int


@dataclass(frozen=True)
class PushConfigWritten:
    """A webhook was registered or replaced. `reference` stands for its id."""

    task_id: str
    reference: str


def read_stream_record(record: object) -> EventWritten | PushConfigWritten | None:
    """What was written; None for any other record, also a malformed one, which must not stop the stream."""
    match record:
        case {
            "eventName": "INSERT" | "MODIFY" as what,
            "dynamodb": {"Keys": {"pk": {"S": str(pk)}, "sk": {"S": str(sk)}}},
        }:
            return _change(pk, sk, is_new=what == "INSERT")
    return None


def _change(pk: str, sk: str, *, is_new: bool) -> EventWritten | PushConfigWritten | None:
    if event := read_event_key(pk, sk):
        return EventWritten(*event) if is_new else None
    if config := read_push_config_key(pk, sk):
        return PushConfigWritten(*config)
    return None
