"""Items that earlier releases wrote are read after an update, with the same values (docs/adr/0031).

Each file in stored_items was written by the code of that day (tests.support.stored_items). It is never edited: a new
field adds a file.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from a2a.types import Task
from staff0.question import Question
from staff0.tasks import Approval, TaskState
from staff0.tasks.approval_json import parse_approval, write_approval
from staff0.tasks.dynamodb_items import read_approval, read_event, read_push_config, read_task

from tests.support.sample_tasks import OWNER, submitted
from tests.support.stored_items import LATER, from_json, to_json, todays_items

type Json = dict[str, Any]

# What the release of 2026-11-30 wrote for a new approval.
NEW: Json = {
    "task_id": "t1",
    "owner": OWNER,
    "caller": "acme",
    "client_id": "",
    "agent_url": "",
    "question": {"email": "jdoe@staff0.com", "skill": "is_active_employee"},
    "purpose": "",
    "facts": [],
    "has_authorization_details": False,
    "interval_seconds": 5,
    "slowest_poll_seconds": 0.0,
    "switched_off": False,
}
RELEASES: dict[str, Json] = {
    path.stem: json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "stored_items").glob("*.json"))
}


@pytest.fixture(params=RELEASES)
def items(request: pytest.FixtureRequest) -> Json:
    stored: Json = from_json(RELEASES[request.param])
    return stored


def test_task_is_read(items: Json) -> None:
    stored = read_task(items["task"])
    expected: Task = submitted()
    assert (stored.owner, stored.task, stored.version, stored.deadline) == (OWNER, expected, 3, LATER)


def test_event_is_read(items: Json) -> None:
    event = read_event(items["event"])
    assert (event.sequence, event.state, event.at) == (3, TaskState.AUTH_REQUIRED, LATER)
    assert event.updates[0].status_update.task_id == submitted().id


def test_each_field_of_an_approval_keeps_its_value(items: Json) -> None:
    """With a renamed field an open approval would be lost, and with it what the employee has approved."""
    approval, written = read_approval(items["approval"]), json.loads(items["approval"]["data"]["S"])
    read = json.loads(write_approval(approval))
    assert approval.version == 3
    assert read["question"].items() >= written.pop("question").items()
    assert read.items() >= written.items()


@pytest.mark.parametrize(("stored", "sealed"), [("-_-_", b"\xfb\xff\xbf"), ("+/+/", b"\xfb\xff\xbf"), ("YQ==", b"a")])
def test_ciphertext_is_read_in_both_alphabets(stored: str, sealed: bytes) -> None:
    read = parse_approval(json.dumps(NEW | {"sealed_token": stored}), 1)
    assert read.sealed_token == sealed


@pytest.mark.parametrize("at", ["2026-01-05T10:01:01.5+01:00", "2026-01-05T09:01:01.500000Z"])
def test_time_has_an_offset(at: str) -> None:
    assert parse_approval(json.dumps(NEW | {"asked_at": at}), 1).asked_at == LATER + timedelta(milliseconds=1500)
    with pytest.raises(ValueError, match="asked_at"):
        parse_approval(json.dumps(NEW | {"asked_at": "2026-01-05T09:01:01"}), 1)


def test_new_approval_is_written_as_by_earlier_releases() -> None:
    """They store defaults, but no field without a value."""
    approval = Approval(task_id="t1", owner=OWNER, caller="acme", question=Question(email="jdoe@staff0.com"), version=2)
    assert json.loads(write_approval(approval)) == NEW
    assert parse_approval(json.dumps(NEW), 2) == approval


def test_webhook_is_read(items: Json) -> None:
    config = read_push_config(items["push_config"])
    assert (config.config_id, config.owner, config.url, config.since) == ("c1", OWNER, "https://hooks.example/a", 2)
    assert (config.scheme, config.encrypted_credentials) == ("Bearer", b"ciphertext")


def test_what_a_newer_release_added_is_passed_over(items: Json) -> None:
    """During a gradual deployment both read the same items, and after a rollback the older one does."""
    for item in items.values():
        item["of_a_newer_release"] = {"S": "value"}
    data = json.loads(items["approval"]["data"]["S"]) | {"of_a_newer_release": "value"}
    items["approval"]["data"]["S"] = json.dumps(data)
    assert read_task(items["task"]).task == submitted()
    assert read_event(items["event"]).sequence == 3
    assert read_approval(items["approval"]).version == 3
    assert read_push_config(items["push_config"]).config_id == "c1"


def test_todays_items_are_the_newest_of_them() -> None:
    """So that the next change is tested against them."""
    assert to_json(todays_items()) == RELEASES[max(RELEASES)], "add a file: python -m tests.support.stored_items"
