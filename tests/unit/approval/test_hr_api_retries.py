"""An approval is used for as long as its token is valid and the caller may still wait."""

from __future__ import annotations

from copy import replace
from datetime import timedelta

import httpx
import pytest
from approval.hr_api_retries import LONGEST_WAIT, read_until
from staff0.errors import HrApiTimedOut, HrApiUnavailable
from staff0.tasks import DEADLINE_MARGIN, TaskState

from tests.support.approval_workflow import ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_hr_api import FakeHrApi

OUTAGES = [httpx.Response(503), httpx.Response(500), httpx.Response(429), httpx.ReadTimeout, httpx.ConnectError]


def read_in_vain(workflow: ApprovalHarness, hr_api: FakeHrApi, response: httpx.Response) -> str:
    """An approved task whose first read got this response."""
    task_id = workflow.submit_and_approve()
    hr_api.failures.append(response)
    with pytest.raises(HrApiUnavailable):
        workflow.read(task_id)
    return task_id


@pytest.mark.parametrize(("token_seconds", "wait_seconds"), [(60, 60), (900, 900), (86_400, 900)])
def test_wait_ends_with_the_token_and_after_15_minutes(clock: FakeClock, token_seconds: int, wait_seconds: int) -> None:
    now = clock()
    assert read_until(now, now + timedelta(seconds=token_seconds)) == now + timedelta(seconds=wait_seconds)


@pytest.mark.parametrize("outage", OUTAGES)
def test_yes_is_not_lost_in_an_outage_of_14_minutes(
    workflow: ApprovalHarness, hr_api: FakeHrApi, clock: FakeClock, outage: httpx.Response | type[httpx.TransportError]
) -> None:
    task_id = workflow.submit_and_approve()
    hr_api.failures.extend([outage] * 14)
    for _ in range(14):
        with pytest.raises(HrApiUnavailable) as raised:
            workflow.read(task_id)
        assert not isinstance(raised.value, HrApiTimedOut)
        assert workflow.state(task_id) is TaskState.WORKING
        clock.advance(60)
    assert workflow.read(task_id)["outcome"] == "completed"
    assert not workflow.holds_secrets(task_id)


def test_nothing_is_read_with_a_token_that_has_expired(
    workflow: ApprovalHarness, hr_api: FakeHrApi, clock: FakeClock
) -> None:
    task_id = workflow.submit_and_approve()
    clock.advance(LONGEST_WAIT.total_seconds())
    with pytest.raises(HrApiTimedOut):
        workflow.read(task_id)
    assert hr_api.tokens == []


def test_reader_does_not_fail_the_task_before_the_wait_is_over(workflow: ApprovalHarness, clock: FakeClock) -> None:
    """A read of the task after its deadline ends it as interrupted."""
    task_id = workflow.submit_and_approve()
    assert workflow.task(task_id).deadline == clock() + LONGEST_WAIT + DEADLINE_MARGIN


def test_pause_that_the_hr_api_asks_for_is_kept(workflow: ApprovalHarness, hr_api: FakeHrApi, clock: FakeClock) -> None:
    task_id = read_in_vain(workflow, hr_api, httpx.Response(429, headers={"Retry-After": "30"}))
    clock.advance(29)
    with pytest.raises(HrApiUnavailable):
        workflow.read(task_id)
    assert len(hr_api.tokens) == 1
    clock.advance(1)
    assert workflow.read(task_id)["outcome"] == "completed"


def test_long_pause_leaves_a_last_retry(workflow: ApprovalHarness, hr_api: FakeHrApi, clock: FakeClock) -> None:
    task_id = read_in_vain(workflow, hr_api, httpx.Response(503, headers={"Retry-After": "86400"}))
    clock.advance(LONGEST_WAIT.total_seconds() - 10)
    assert workflow.read(task_id)["outcome"] == "completed"


def test_canceled_request_is_not_read_again(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    task_id = read_in_vain(workflow, hr_api, httpx.Response(503, headers={"Retry-After": "30"}))
    workflow.cancel(task_id)
    assert workflow.read(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert len(hr_api.tokens) == 1
    assert not workflow.holds_secrets(task_id)


def test_pause_does_not_reopen_a_canceled_request(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    task_id = workflow.submit_and_approve()
    hr_api.failures.append(httpx.Response(503, headers={"Retry-After": "30"}))
    hr_api.on_request = lambda: workflow.cancel(task_id)
    with pytest.raises(HrApiUnavailable):
        workflow.read(task_id)
    assert workflow.state(task_id) is TaskState.CANCELED
    assert not workflow.holds_secrets(task_id)


def test_approval_of_an_older_version_is_tried_again_by_the_state_machine_alone(
    workflow: ApprovalHarness, hr_api: FakeHrApi
) -> None:
    task_id = workflow.submit_and_approve()
    old = replace(workflow.approval(task_id), read_until=None)
    workflow.store.save_approval(old)
    hr_api.failures.append(httpx.Response(503, headers={"Retry-After": "30"}))
    with pytest.raises(HrApiUnavailable):
        workflow.read(task_id)
    assert workflow.read(task_id)["outcome"] == "completed"
