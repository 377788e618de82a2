"""The promises that hold after every run, with or without faults."""

from __future__ import annotations

from staff0.tasks import AuditReader, EventLog, ListQuery, TaskState

from tests.faults.disclosed_facts import assert_agreed_facts_only
from tests.faults.side_effects import Kind
from tests.faults.system_under_test import SystemUnderTest
from tests.support.approval_steps import AUDIT

# Only a crash or a lost call may lose an approval. Concurrent calls lose nothing.
_LOSING = {Kind.CRASH_BEFORE, Kind.CRASH_AFTER, Kind.REFUSED, Kind.LOST}


def assert_invariants(system: SystemUnderTest) -> None:
    """Raises AssertionError for a broken promise. Call it after the workflow ended and all webhooks were delivered."""
    assert_one_push_and_no_early_poll(system)
    assert_silence_where_questions_are_off(system)
    assert_no_disclosure_without_approval(system)
    assert_agreed_facts_only(system)
    assert_ended_without_secrets(system)
    assert_no_answer_lost(system)
    assert_complete_trail(system)
    assert_listed_once(system)
    assert_webhooks_delivered(system)


def assert_one_push_and_no_early_poll(system: SystemUnderTest) -> None:
    assert len(system.idp.pushes) <= 1, "pushed twice"
    assert all(push.interval_seconds == system.idp.interval_seconds for push in system.idp.pushes), "slow_down"


def assert_silence_where_questions_are_off(system: SystemUnderTest) -> None:
    """Also a fault tells the caller no more than about an employee who does not answer."""
    if not system.does_not_want_to_be_asked:
        return
    assert not system.idp.pushes, "pushed although questions are off"
    assert "switched_off" not in str(system.workflow.task(system.task_id).task), "the caller learns the choice"


def assert_no_disclosure_without_approval(system: SystemUnderTest) -> None:
    task = system.workflow.task(system.task_id)
    is_completed = task.state is TaskState.COMPLETED
    assert bool(task.task.artifacts) == is_completed, "an answer in a task that is not completed"
    assert system.approved_in_time or not (is_completed or system.hr_api.tokens), "read without approval"
    answers = [update for update in system.receivers.updates if update.HasField("artifact_update")]
    assert is_completed or not answers, "webhook got an answer of a task that is not completed"
    assert not (system.was_canceled and is_completed), "answered after it was canceled"


def assert_ended_without_secrets(system: SystemUnderTest) -> None:
    assert system.workflow.state(system.task_id).is_terminal, "the task has not ended"
    assert not system.workflow.holds_secrets(system.task_id), "the ended task holds secrets"


def assert_no_answer_lost(system: SystemUnderTest) -> None:
    """An approval in time is answered, unless the caller canceled or one of the `lost` reasons applies.

    The identity provider gives out a token once (CIBA Core 10.1), and an auth_req_id once. A crash loses them.
    """
    state = system.workflow.state(system.task_id)
    if not system.approved_in_time or state in {TaskState.COMPLETED, TaskState.CANCELED}:
        return
    reason = system.workflow.metadata(system.task_id).get("reason")
    died_in = {point.function for point, kind in system.recorder.injected if kind in _LOSING}
    lost = {
        "token_lost": "PollApproval" in died_in and system.idp.pushes[0].used,
        "not_confirmed": "RequestApproval" in died_in and not system.idp.polls,
        "interrupted": system.was_late,
        "hr_api_unavailable": bool(system.hr_api.failures),
    }
    assert lost.get(reason or "", False), f"approval lost with the reason {reason}"


def assert_complete_trail(system: SystemUnderTest) -> None:
    """Each write has one event and one audit record, without gaps."""
    events = EventLog(system.aws.dynamodb, system.aws.table, system.clock).after(system.task_id, 0)
    stored = system.workflow.task(system.task_id)
    assert [event.sequence for event in events] == list(range(1, stored.version + 1)), "gaps in the events"
    assert events[-1].state is stored.state, "the last event has another state than the task"
    records = list(AuditReader(system.aws.dynamodb, AUDIT.table).list_for_task(system.task_id))
    assert [(r.sequence, r.state) for r in records] == [(e.sequence, e.state) for e in events], (
        "audit records differ from the events"
    )


def assert_listed_once(system: SystemUnderTest) -> None:
    """The task is in its four lists, in no other list, and in the totals once."""
    stored = system.workflow.task(system.task_id)
    lists = [(context, state) for context in (None, stored.task.context_id) for state in (None, stored.state)]
    for context_id, state in lists:
        page = system.workflow.store.page(stored.owner, ListQuery(context_id, state))
        assert page.total == len(page.tasks), "the total differs from the list"
        assert [task.id for task in page.tasks].count(system.task_id) == 1, f"not listed once as {state}"
    items = system.aws.dynamodb.scan(TableName=system.aws.table)["Items"]
    entries = [item for item in items if item["pk"]["S"].startswith("LIST#")]
    assert len(entries) == len(lists), "an entry of an older state is left"


def assert_webhooks_delivered(system: SystemUnderTest) -> None:
    events = EventLog(system.aws.dynamodb, system.aws.table, system.clock).after(system.task_id, 0)
    missing = {event.sequence for event in events if event.updates} - system.receivers.sequences()
    assert not missing, f"no webhook got {missing}"
    assert not system.receivers.unsigned, "a webhook got a request without signature"
    assert not system.sqs.undelivered, "undelivered messages"
