"""Lambda that does not run the workflow's functions for minutes, because the account's concurrency is used up."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

import pytest
from staff0.tasks import TaskState

from tests.faults.scenarios import NewSystem, approved, run
from tests.faults.state_machine import LambdaError
from tests.faults.system_under_test import SystemUnderTest

# Shorter than an approval is open: five minutes, from which the first wait and the last poll are taken.
OUTAGE: Final = timedelta(minutes=4)
ERRORS: Final = ["Lambda.TooManyRequestsException", "Lambda.ServiceException", "Lambda.ClientExecutionTimeoutException"]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("function", ["PollApproval", "ReadEmployment"])
def test_yes_is_used_after_four_minutes_without_the_function(new_system: NewSystem, function: str, error: str) -> None:
    system = run(new_system, partial(without_function, function, error))
    assert system.workflow.state(system.task_id) is TaskState.COMPLETED
    assert len(system.idp.pushes) == 1


def without_function(function: str, error: str, system: SystemUnderTest) -> None:
    """The employee approves while the function cannot run."""
    began = system.clock()

    def is_throttled(name: str) -> None:
        if name == function and system.clock() < began + OUTAGE:
            raise LambdaError(error)

    system.before_invocation = is_throttled
    approved(system)
