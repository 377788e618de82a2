"""An HR API that is flooded, down or slow after the employee has approved."""

from __future__ import annotations

from datetime import timedelta

from approval.hr_api_retries import LONGEST_WAIT
from staff0.tasks import TaskState

from tests.faults.scenarios import NewSystem, hr_is_back, run, without_hr
from tests.faults.system_under_test import SystemUnderTest


def test_yes_is_used_after_ten_minutes_without_the_hr_api(new_system: NewSystem) -> None:
    system = run(new_system, hr_is_back)
    assert system.workflow.state(system.task_id) is TaskState.COMPLETED
    assert len(system.idp.pushes) == 1


def test_hr_api_that_does_not_come_back_ends_the_task_at_the_bound(new_system: NewSystem) -> None:
    system = run(new_system, without_hr)
    assert system.workflow.state(system.task_id) is TaskState.FAILED
    assert system.workflow.metadata(system.task_id) == {"reason": "hr_api_unavailable"}
    assert not system.workflow.holds_secrets(system.task_id)
    approved_at = system.workflow.approval(system.task_id).approved_at
    assert approved_at is not None
    assert timedelta() <= system.clock() - approved_at - LONGEST_WAIT < timedelta(minutes=1)


def test_caller_can_cancel_while_the_hr_api_is_down(new_system: NewSystem) -> None:
    def canceled_meanwhile(system: SystemUnderTest) -> None:
        system.hr_api.on_request = lambda: None if system.was_canceled else system.cancel()
        without_hr(system)

    system = run(new_system, canceled_meanwhile)
    assert system.workflow.state(system.task_id) is TaskState.CANCELED
    assert len(system.hr_api.tokens) == 1
