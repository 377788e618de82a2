"""Runs approvals as a deployed stack does, and collects the metrics that CloudWatch would have of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pytest
from approval.step_io import StepResult
from staff0.errors import Staff0Error
from staff0.question import Question

from tests.support import physical_names
from tests.support.approval_workflow import ABOUT_JOHN, JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.cloudwatch_metrics import AwsServices, MetricStore
from tests.support.fake_idp import FakeIdp
from tests.support.stack_template import PROJECT, Stack

_STATES: Final = json.loads((PROJECT / "statemachine/approval.asl.json").read_text())["States"]
_STATE_MACHINE: Final = physical_names.state_machine_arn("ApprovalStateMachine")


class Throttled(Exception):
    """Lambda does not run the function: Lambda.TooManyRequestsException for the state machine."""


STEP_ERRORS: Final = (Staff0Error, OSError, ImportError, Throttled)
"""What ends a step of the workflow here. Any other error is one of the test."""


@dataclass
class ObservedStack:
    """`broken` maps the logical id of a function to the error that each of its invocations ends with."""

    stack: Stack
    workflow: ApprovalHarness
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    broken: dict[str, Exception] = field(default_factory=dict)
    metrics: MetricStore = field(default_factory=MetricStore)

    @property
    def aws(self) -> AwsServices:
        return AwsServices(self.metrics)

    @property
    def clock(self) -> FakeClock:
        return self.workflow.clock

    @property
    def idp(self) -> FakeIdp:
        return self.workflow.idp

    @property
    def now(self) -> datetime:
        return self.clock()

    def ask(self, question: Question = ABOUT_JOHN, answer: str | None = None, owner: str = "acme-client") -> None:
        """One request, from its execution's start to its end. `answer` is "approve", "deny" or None."""
        task_id = self.workflow.submit(question, owner)
        try:
            self._run_execution(task_id, question, answer)
        except STEP_ERRORS:  # the end of an execution whose last state failed
            self.aws.execution(self.now, _STATE_MACHINE, "Failed")
        else:
            self.aws.execution(self.now, _STATE_MACHINE, "Succeeded")

    def _run_execution(self, task_id: str, question: Question, answer: str | None) -> None:
        try:
            result = self._run_task("RequestApproval", lambda: self.workflow.request(task_id))
            if answer:
                getattr(self.idp, answer)(self._asked(question))
            while result["outcome"] == "pending":
                self.clock.advance(result["wait_seconds"])
                result = self._run_task("PollApproval", lambda: self.workflow.poll(task_id))
            if result["outcome"] == "approved":
                self._run_task("ReadEmployment", lambda: self.workflow.read(task_id))
        except STEP_ERRORS as error:
            name = type(error).__name__
            self._run_task("FailTask", lambda: self.workflow.fail(task_id, name))

    def _asked(self, question: Question) -> str:
        subs = {employee.email: sub for sub, employee in self.idp.employees.items()}
        return subs.get((question.email or "").lower(), JOHN)

    def _run_task(self, state: str, step: Callable[[], StepResult]) -> StepResult:
        """Runs a Task state with the retries of the state machine; the last error ends it."""
        attempts = 0
        while True:
            try:
                return self.invoke(f"{state}Function", step)
            except STEP_ERRORS as error:
                retrier = self._retrier(state, error)
                if attempts >= retrier["MaxAttempts"]:
                    raise
                longest = retrier.get("MaxDelaySeconds", 0)
                self.clock.advance(min(retrier["IntervalSeconds"] * retrier["BackoffRate"] ** attempts, longest))
                attempts += 1

    @staticmethod
    def _retrier(state: str, error: Exception) -> dict[str, float]:
        names = {type(error).__name__, "States.ALL"}
        names |= {"Lambda.TooManyRequestsException"} if isinstance(error, Throttled) else set()
        return next(retrier for retrier in _STATES[state]["Retry"] if names & set(retrier["ErrorEquals"]))

    def invoke[T](self, function: str, call: Callable[[], T]) -> T:
        """Calls as this function, and collects what Lambda and the function's log lines report. Raises its error."""
        name, at = physical_names.function_name(function), self.now
        error = self.broken.get(function)
        if isinstance(error, Throttled):
            self.aws.throttle(at, name)
            raise error
        for variable in ("POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"):
            value = physical_names.resolve(self.stack, self.stack.environment(function)[variable])
            self.monkeypatch.setenv(variable, value)
        failed = True
        try:
            if error:
                raise error
            result = call()
            failed = False
            return result
        finally:
            self.aws.invocation(at, name, failed=failed)
            self.metrics.put_log_lines(self.now, self.capsys.readouterr().out.splitlines())

    def fail_once(self, function: str) -> None:
        """One invocation that ends by an error, such as its time or its memory."""
        self.broken[function] = MemoryError()
        with suppress(MemoryError):
            self.invoke(function, lambda: None)
        del self.broken[function]

    def throttle(self, function: str, times: int) -> None:
        for _ in range(times):
            self.aws.throttle(self.now, physical_names.function_name(function))
