"""What holds after every run, whatever went wrong in it."""

from __future__ import annotations

from staff0.tasks import AuditReader, EventLog, TaskState

from tests.faults.side_effects import Kind
from tests.faults.system_under_test import World
from tests.support.approval_workflow import AUDIT

# Whoever else acts in the middle loses nothing: only a process that dies, or an answer that does not arrive, may.
_LOSING = {Kind.CRASH_BEFORE, Kind.CRASH_AFTER, Kind.REFUSED, Kind.LOST}


def hold(world: World) -> None:
    """Raises AssertionError for a broken promise. The loop is over and everybody has been told."""
    nobody_is_asked_twice_or_polled_too_fast(world)
    nothing_is_disclosed_without_approval(world)
    the_task_has_ended_and_holds_no_secret(world)
    no_answer_is_lost(world)
    the_trail_is_complete(world)
    every_webhook_is_told(world)


def nobody_is_asked_twice_or_polled_too_fast(world: World) -> None:
    assert len(world.tenant.pushes) <= 1, "pushed twice"
    assert all(push.interval_seconds == world.tenant.interval_seconds for push in world.tenant.pushes), "slow_down"


def nothing_is_disclosed_without_approval(world: World) -> None:
    task = world.loop.task(world.task_id)
    is_completed = task.state is TaskState.COMPLETED
    assert bool(task.task.artifacts) == is_completed, "an answer in a task that is not completed"
    assert world.approved_in_time or not (is_completed or world.hr.tokens), "read without approval"
    told = [update for update in world.receivers.told if update.HasField("artifact_update")]
    assert is_completed or not told, "told without a completed task"
    assert not (world.was_canceled and is_completed), "answered after it was canceled"


def the_task_has_ended_and_holds_no_secret(world: World) -> None:
    assert world.loop.state(world.task_id).is_terminal, "left open"
    assert not world.loop.holds_secrets(world.task_id), "secrets are kept"


def no_answer_is_lost(world: World) -> None:
    """An approval in time is answered, but for a caller who canceled or these: the narrowest that the protocol allows.

    The token is given out once (CIBA Core 10.1), and so is the auth_req_id; a process that dies holding one loses it.
    """
    state = world.loop.state(world.task_id)
    if not world.approved_in_time or state in {TaskState.COMPLETED, TaskState.CANCELED}:
        return
    reason = world.loop.metadata(world.task_id).get("reason")
    died_in = {point.function for point, kind in world.effects.spoilt if kind in _LOSING}
    lost = {
        "token_lost": "PollApproval" in died_in and world.tenant.pushes[0].used,
        "not_confirmed": "RequestApproval" in died_in and not world.tenant.polls,
        "interrupted": world.was_late,
        "hr_api_unavailable": bool(world.hr.failures),
    }
    assert lost.get(reason or "", False), f"lost as {reason}"


def the_trail_is_complete(world: World) -> None:
    """One event and one audit record of every write, without a gap."""
    events = EventLog(world.aws.dynamodb, world.aws.table).after(world.task_id, 0)
    stored = world.loop.task(world.task_id)
    assert [event.sequence for event in events] == list(range(1, stored.version + 1)), "gaps in the trail"
    assert events[-1].state is stored.state, "the trail ends otherwise than the task"
    records = list(AuditReader(world.aws.dynamodb, AUDIT.table).list_for_task(world.task_id))
    assert [(r.sequence, r.state) for r in records] == [(e.sequence, e.state) for e in events], "no record of a write"


def every_webhook_is_told(world: World) -> None:
    events = EventLog(world.aws.dynamodb, world.aws.table).after(world.task_id, 0)
    missing = {event.sequence for event in events if event.updates} - world.receivers.sequences()
    assert not missing, f"never told of {missing}"
    assert not world.sqs.undelivered, "given up"
