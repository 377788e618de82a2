"""A receiver that has not accepted a notification yet gets ids and the state only, and one that is gone nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from staff0.errors import WebhookFailed

from tests.support.clock import FakeClock
from tests.support.sample_webhooks import CONFIG
from tests.support.webhook_deliveries import Deliveries

NEW = replace(CONFIG, url="https://new.example/a")


def test_new_receiver_gets_ids_and_state_until_it_accepts(completed_task: Deliveries, clock: FakeClock) -> None:
    """Otherwise a caller could have its long texts sent to an address that never asked for them."""
    completed_task.configs.save(NEW)
    completed_task.transport.accepts = 0
    with pytest.raises(WebhookFailed):
        completed_task.attempt(3)
    assert completed_task.transport.requests == 1
    completed_task.transport.accepts = 100
    clock.advance(5)
    assert completed_task.attempt(3)
    outline, *events = (json.loads(post.content) for post in completed_task.transport.posts)
    assert outline["task"].keys() == {"id", "contextId", "status", "metadata"}
    assert outline["task"]["status"].keys() == {"state", "timestamp"}
    assert outline["task"]["status"]["state"] == "TASK_STATE_COMPLETED"
    assert outline["task"]["metadata"] == {"sequence": 3}
    assert [list(event) for event in events] == [["artifactUpdate"], ["statusUpdate"]]


def test_receiver_that_accepted_gets_the_next_notification_only(completed_task: Deliveries) -> None:
    completed_task.configs.save(NEW)
    completed_task.attempt(1)
    completed_task.attempt(2)
    bodies = [json.loads(post.content) for post in completed_task.transport.posts]
    assert [list(body) for body in bodies] == [["task"], ["task"], ["statusUpdate"]]


@pytest.mark.parametrize("sequence", [1, None])
def test_new_v0_3_receiver_gets_ids_and_state_until_it_accepts(
    completed_task: Deliveries, sequence: int | None
) -> None:
    completed_task.configs.save(replace(NEW, protocol="0.3"))
    completed_task.transport.accepts = 1
    with pytest.raises(WebhookFailed):
        completed_task.attempt(sequence)
    [post] = completed_task.transport.posts
    assert json.loads(post.content).keys() == {"kind", "id", "contextId", "status", "metadata"}


def test_another_caller_s_receiver_has_not_accepted(completed_task: Deliveries) -> None:
    assert not completed_task.receivers.has_accepted(replace(CONFIG, owner="another owner"))


def test_gone_receiver_gets_nothing_more(completed_task: Deliveries, clock: FakeClock) -> None:
    """410 means that the webhook is not wanted, now and later (RFC 9110 15.5.11)."""
    completed_task.transport.is_gone = True
    assert completed_task.attempt(1) is False
    completed_task.transport.is_gone = False
    clock.advance(5)
    assert completed_task.attempt(2) is False
    assert completed_task.transport.requests == 1
