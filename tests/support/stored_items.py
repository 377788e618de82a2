"""Items of the tasks table as JSON, to keep those of a release.

python -m tests.support.stored_items > tests/unit/tasks/stored_items/DATE.json      what the code of today writes
"""

from __future__ import annotations

import base64
import json
import sys
from datetime import timedelta
from typing import Any, Final

import msgspec
from a2a.types import StreamResponse, TaskStatusUpdateEvent
from staff0.question import Question
from staff0.tasks import Approval, Event, PushConfig, StoredTask, TaskState
from staff0.tasks.dynamodb_items import Items

from tests.support.sample_tasks import NOW, OWNER, submitted

type Json = Any  # of any shape

LATER: Final = NOW + timedelta(seconds=60)
CIPHERTEXT: Final = b"\xfb\xff\xbfciphertext"  # its base64 differs in the URL-safe alphabet
TRACE: Final = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def todays_items() -> dict[str, Json]:
    """One item of each kind, in which every field has a value."""
    items, task = Items("tasks", 30), submitted()
    update = StreamResponse(status_update=TaskStatusUpdateEvent(task_id=task.id, context_id=task.context_id))
    question = Question(name="John Doe", email="jdoe@staff0.com", employee_id="E-7")
    given: dict[str, Any] = {"task_id": task.id, "owner": OWNER, "caller": "acme", "question": question}
    values: dict[str, Any] = {"version": 3, "interval_seconds": 6, "slowest_poll_seconds": 1.5, "switched_off": False}
    for field in msgspec.structs.fields(Approval):
        values.setdefault(field.name, _sample(field.name, str(field.type)))
    config = PushConfig(
        task_id=task.id,
        config_id="c1",
        owner=OWNER,
        url="https://hooks.example/a",
        scheme="Bearer",
        encrypted_credentials=b"ciphertext",
        since=2,
        traceparent=TRACE,
        agent_url="https://agent.example",
    )
    return {
        "task": items.task(StoredTask(OWNER, task, 3, LATER, traceparent=TRACE)),
        "event": items.event(OWNER, task.id, Event(3, TaskState.AUTH_REQUIRED, LATER, [update])),
        "approval": items.approval(Approval(**values | given), NOW),
        "push_config": items.push_config(config, NOW),
    }


def _sample(name: str, kind: str) -> object:
    samples = {
        "atetime": LATER + timedelta(milliseconds=1500),
        "bytes": CIPHERTEXT,
        "tuple": ("employment_status", "name"),
        "bool": True,
    }
    return next((sample for word, sample in samples.items() if word in kind), f"a {name}")


def to_json(value: Json) -> Json:
    """The items with their binary values in base64."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {name: to_json(inner) for name, inner in value.items()}
    return [to_json(inner) for inner in value] if isinstance(value, list) else value


def from_json(value: Json) -> Json:
    if isinstance(value, dict):
        encoded = value.get("base64")
        return base64.b64decode(encoded) if encoded else {name: from_json(inner) for name, inner in value.items()}
    return [from_json(inner) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    json.dump(to_json(todays_items()), sys.stdout, indent=1)
