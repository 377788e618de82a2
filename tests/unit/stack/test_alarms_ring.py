"""Each alarm is quiet on an ordinary day, rings for the smallest failure that it is there for, and is quiet again.

The metrics are those that our code writes as it fails, and those that AWS documents for its services.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from tests.support import stack_failures as failures
from tests.support.approval_fixtures import aws_resources, hr_api, workflow
from tests.support.approval_workflow import JOHN
from tests.support.fake_idp import FakeIdp
from tests.support.fake_management_api import Employee
from tests.support.observed_stack import ObservedStack, Throttled
from tests.support.physical_names import alarms
from tests.support.stack_failures import EMPLOYEES, Failure

if TYPE_CHECKING:
    from tests.support.approval_workflow import ApprovalHarness
    from tests.support.clock import FakeClock
    from tests.support.cloudwatch_alarms import Alarm
    from tests.support.stack_template import Stack

__all__ = ["aws_resources", "hr_api", "workflow"]  # fixtures

# The failure, and the alarms that ring.
CASES: Final[dict[str, tuple[Failure, set[str]]]] = {
    "agent fails": (failures.error_of("AgentFunction", "AgentApi"), {"AgentErrors", "AgentApi5xx"}),
    "HR API fails": (failures.error_of("HrApiFunction", "HrApi"), {"HrApiErrors", "HrApi5xx"}),
    "employees' page fails": (
        failures.error_of("EmployeePageFunction", "EmployeePageApi"),
        {"EmployeePageErrors", "EmployeePageApi5xx"},
    ),
    "fan-out fails": (failures.error_of("FanOutFunction"), {"FanOutErrors"}),
    "deliver fails": (failures.error_of("DeliverFunction"), {"DeliverErrors"}),
    "agent is throttled": (failures.throttles_of("AgentFunction", 1), {"AgentThrottles"}),
    "HR API is throttled": (failures.throttles_of("HrApiFunction", 5), {"HrApiThrottles"}),
    "employees' page is throttled": (failures.throttles_of("EmployeePageFunction", 5), {"EmployeePageThrottles"}),
    "fan-out is throttled": (failures.throttles_of("FanOutFunction", 5), {"FanOutThrottles"}),
    "deliver is throttled": (failures.throttles_of("DeliverFunction", 5), {"DeliverThrottles"}),
    **{
        f"{step} fails": (failures.broken({step: OSError()}, requests=2), {f"{step}Errors", "Loop"})
        for step in ("RequestApproval", "PollApproval", "ReadEmployment")
    },
    **{
        f"{step} is throttled": (failures.broken({step: Throttled()}), {f"{step}Throttles", "Loop"})
        for step in ("RequestApproval", "PollApproval", "ReadEmployment")
    },
    "one request fails": (failures.broken({"PollApproval": OSError()}), {"Loop"}),
    "FailTask fails": (
        failures.broken({"RequestApproval": ImportError(), "FailTask": ImportError()}),
        {"FailTaskErrors", "ExecutionsFailed"},
    ),
    "FailTask is throttled": (
        failures.broken({"RequestApproval": OSError(), "FailTask": Throttled()}),
        {"FailTaskThrottles", "ExecutionsFailed"},
    ),
    "execution fails": (failures.execution("Failed"), {"ExecutionsFailed"}),
    "execution times out": (failures.execution("TimedOut"), {"ExecutionsTimedOut"}),
    "delivery is given up": (failures.message_in("UndeliveredQueue"), {"Undelivered"}),
    "batch is given up": (failures.message_in("UnprocessedRecordsQueue"), {"UnprocessedRecords"}),
    "delivery waits": (failures.wait_in_queue(40), {"DeliveriesAge"}),
    "stream is late": (failures.late_record, {"StreamAge"}),
    "push is refused": (failures.PUSH_REFUSED, {"IdpRefused"}),
    "push is lost": (failures.PUSH_LOST, {"PushesFail"}),
    "three of four pushes are lost": (failures.some_pushes_lost, {"PushesFail"}),
    "no push is possible": (failures.NO_PUSH_IN_AN_HOUR, {"NoPushes"}),
    "no push is possible, says the poll": (failures.NO_PUSH_BY_THE_POLL, {"NoPushes"}),
    "no push is possible for three days": (failures.NO_PUSH_IN_THREE_DAYS, {"NoPushesForDays"}),
    "phone rings often": (failures.pushes_to_one_person, {"Pushes"}),
    "employees refuse": (failures.refusals_of_one_caller, {"Refusals"}),
    "poll is late": (failures.late_poll, {"OldestApproval"}),
    "polls are not answered": (failures.POLLS_UNANSWERED, {"PollErrors"}),
    "polls are refused": (failures.POLLS_REFUSED, {"IdpRefused", "PollErrors"}),
    "HR API is down": (failures.hr_api_down, {"ReadEmploymentErrors", "Loop"}),
    "item is unreadable": (failures.unreadable_item, {"UnreadableItems"}),
    "record is unreadable": (failures.unreadable_record, {"RecordsSetAside"}),
    "message is unreadable": (failures.unreadable_message, {"MessagesSetAside"}),
    "Gemini refuses": (failures.gemini_answers(403, questions=1), {"GeminiMisconfigured"}),
    "Gemini is down": (failures.gemini_answers(503, questions=5), {"GeminiUnavailable"}),
}
# How many more datapoints than its evaluation periods CloudWatch looks at. AWS names no number; its examples have two.
SPARE_PERIODS: Final = (0, 2, 5)


@pytest.fixture
def idp(clock: FakeClock) -> FakeIdp:
    idp = FakeIdp(clock)
    idp.add(Employee(JOHN, "jdoe@staff0.com"), *EMPLOYEES)
    return idp


@pytest.fixture
def observed(
    stack: Stack, workflow: ApprovalHarness, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> ObservedStack:
    return ObservedStack(stack, workflow, capsys, monkeypatch)


def rings(alarm: Alarm, start: datetime, end: datetime, spare_periods: int) -> bool:
    """Whether the alarm rings between the two; it is looked at each minute, and by sixtieths of a longer period."""
    step = max(timedelta(minutes=1), alarm.period / 60)
    moments = [start + step * count for count in range((end - start) // step + 1)]
    return any(alarm.is_ringing(moment, spare_periods) for moment in moments)


@pytest.mark.parametrize("spare_periods", SPARE_PERIODS)
def test_ordinary_day_is_quiet(observed: ObservedStack, stack: Stack, spare_periods: int) -> None:
    begun = observed.now
    failures.ordinary_day(observed)
    for name, alarm in alarms(stack, observed.metrics).items():
        assert not rings(alarm, begun, observed.now, spare_periods), name


@pytest.mark.parametrize("name", CASES)
def test_failure_rings(observed: ObservedStack, stack: Stack, name: str) -> None:
    fail, expected = CASES[name]
    observed.ask(answer="approve")
    observed.clock.advance(7200)
    begun = observed.now
    observed.clock.advance(1)
    fail(observed)
    ended = observed.now
    for alarm_name, alarm in alarms(stack, observed.metrics).items():
        for spare_periods in SPARE_PERIODS:
            forgotten = ended + alarm.period * (alarm.evaluation_periods + spare_periods)
            rang = rings(alarm, begun, forgotten, spare_periods)
            assert rang is (alarm_name.removesuffix("Alarm") in expected), (alarm_name, spare_periods)
            assert not alarm.is_ringing(forgotten + timedelta(minutes=1), spare_periods), alarm_name


def test_each_alarm_has_a_failure_that_rings_it(stack: Stack) -> None:
    rung = {f"{name}Alarm" for _, names in CASES.values() for name in names}
    assert rung == set(stack.of("AWS::CloudWatch::Alarm"))
