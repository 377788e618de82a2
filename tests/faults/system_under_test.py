"""Caller, agent, state machine, employee, HR API and webhooks in one process and on one clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import count

from hr_agent.methods.approval_workflow import StepFunctionsWorkflow
from staff0.audit_pseudonym import audit_pseudonym
from staff0.caller_registry import CallerRegistry
from staff0.skills import SKILLS

from tests.faults.caller import Caller, agent
from tests.faults.notification_delivery import NotificationDelivery
from tests.faults.services import (
    Receivers,
    RecordedClients,
    RecordedHrApi,
    RecordedIdp,
    machine_arn,
)
from tests.faults.side_effects import Kind, SideEffectRecorder
from tests.faults.state_machine import DEFINITION, Data, Evaluate, Execution, Functions
from tests.support.a2a_test_client import QUESTION
from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.aws_resources import AwsResources
from tests.support.clock import FakeClock
from tests.support.fake_management_api import Employee
from tests.support.fake_queue import FakeSqs
from tests.support.moto_tables import Items, items_of, set_items
from tests.support.sample_employee import RECORD

CALLERS_TABLE = "callers"
_NUMBERS = count(1)
_BEYOND_DEADLINE_SECONDS = 1200
_MOST_STEPS = 400


@dataclass(frozen=True)
class SavedState:
    now: datetime
    items: Items
    calls: int


class SystemUnderTest:
    """Set `recorder.choose` before the first call to inject faults.

    `before_invocation` gets the name of each workflow function that is about to run, and may raise LambdaError.
    `on_evaluation` gets the expressions of the state machine, `machine` is its definition.
    """

    def __init__(self, clients: RecordedClients, state: AwsResources) -> None:
        self.clock, self.recorder = FakeClock(), SideEffectRecorder()
        self.idp = RecordedIdp(self.clock, recorder=self.recorder)
        self.idp.add(Employee(JOHN, "jdoe@staff0.com"))
        # Another HR API may send more than the token allows, so that the workflow alone has to leave it out.
        self.hr_api = RecordedHrApi({JOHN: RECORD}, sends_all=True, recorder=self.recorder)
        self.aws = replace(state, dynamodb=clients.dynamodb, kms=clients.kms)
        self.callers = CallerRegistry(lambda: clients.dynamodb, CALLERS_TABLE)
        self.workflow = ApprovalHarness(self.aws, self.clock, self.idp, self.hr_api, callers=self.callers)
        self.executions: dict[str, Execution] = {}
        self.sqs, self.receivers = FakeSqs(self.clock), Receivers(self.recorder)
        self._clients = clients
        self._begin()
        self._delivery = NotificationDelivery(self.workflow, self.recorder, clients, self.sqs, self.receivers)
        machine = StepFunctionsWorkflow(lambda: clients.step_functions, machine_arn())
        self.caller = Caller(
            agent(self.aws, self.clock, machine, self.callers), self.recorder, f"message-{next(_NUMBERS)}"
        )
        self.task_id = ""
        self.does_not_want_to_be_asked = False
        self.approved_in_time = self.was_canceled = self.was_late = False
        self.before_invocation: Callable[[str], None] = lambda _: None
        self.on_evaluation: Evaluate = lambda *_: None
        self.machine = DEFINITION
        self.recorder.meanwhile = {Kind.CANCELED: self.cancel, Kind.LATE: self.look_after_deadline}

    def _begin(self) -> None:
        self._clients.begin(self.recorder, self.sqs, self.start, self._stop)

    def ask(self, question: str = QUESTION) -> None:
        self.recorder.question = question
        self.task_id = self.caller.ask(question)

    @property
    def agreed_facts(self) -> set[str]:
        """The facts that the phone has shown and the employee has agreed to."""
        shown = [
            json.loads(push.form["authorization_details"]) for push in self.idp.pushes if push.answer == "approved"
        ]
        names = {name for [details] in shown for name in details["properties"]}
        return (names & set(SKILLS.facts)) - self.idp.leaves_out

    @staticmethod
    def private_values(*, except_for: Iterable[str]) -> list[str]:
        """What HR knows of the employee, except for the values of these facts."""
        public = {"id", *(SKILLS.facts[fact_id].field for fact_id in except_for)}
        return [value for field, value in RECORD.items() if field not in public]

    @contextmanager
    def questions_off(self) -> Iterator[None]:
        """The table of choices is that of all runs, so the choice ends with the scenario."""
        about = audit_pseudonym(self.aws.kms, self.aws.pairwise_key, JOHN)
        self.does_not_want_to_be_asked = True
        self.workflow.choices.switch_off(about, None)
        try:
            yield
        finally:
            self.workflow.choices.switch_on(about, None)

    def cancel(self) -> None:
        if self.known_task:
            self.was_canceled = self.caller.cancel(self.known_task) or self.was_canceled

    def look_after_deadline(self) -> None:
        """Lets the deadline pass. Then the caller reads the task, which closes it."""
        self.was_late = True
        self.clock.advance(_BEYOND_DEADLINE_SECONDS)
        if self.known_task:
            self.caller.state(self.known_task)

    def answer(self, answer: str) -> None:
        """The employee answers an open push, if there is one."""
        for push in self.idp.pushes:
            if push.answer is None and not push.used:
                push.answer = answer
                self.approved_in_time = answer == "approved" and self.clock() < push.expires_at

    @property
    def known_task(self) -> str:
        """The task id, or the name of the execution before the caller got an answer, or an empty string."""
        return self.task_id or next(iter(self.executions), "")

    @property
    def running(self) -> list[Execution]:
        return [execution for execution in self.executions.values() if not execution.is_over]

    def finish(self, at_wait: Callable[[], None] = lambda: None) -> None:
        """Runs all executions to their end, with `at_wait` before each wait. Then the caller reads the task."""
        for _ in range(_MOST_STEPS):
            if not self.running:
                break
            for execution in self.running:
                if execution.waits:
                    at_wait()
                execution.step()
        assert not self.running
        if not self.workflow.state(self.task_id).is_terminal:
            self.clock.advance(_BEYOND_DEADLINE_SECONDS)
        self.caller.state(self.task_id)

    def notify(self, *, repeats: bool = True) -> None:
        """Delivers the webhooks. The stream repeats each record, the last first, so each notification comes twice."""
        self._delivery.run(self.task_id, repeats=repeats)

    def save(self) -> SavedState:
        """The state before the webhooks are delivered, to deliver them again after `restore`."""
        return SavedState(self.clock(), items_of(self.aws.table), len(self.recorder.calls))

    def restore(self, saved: SavedState) -> None:
        self._begin()
        self.clock.now = saved.now
        set_items(self.aws.table, saved.items)
        del self.recorder.calls[saved.calls :]
        for later in (self.recorder.injected, self.receivers.updates, self.sqs.waiting, self.sqs.undelivered):
            later.clear()
        self.was_late = self._delivery.has_repeated_message = False

    def functions(self) -> Functions:
        work: dict[str, Callable[[Data], Data]] = {
            "RequestApproval": lambda data: {**self.workflow.request(data["task_id"])},
            "PollApproval": lambda data: {**self.workflow.poll(data["task_id"])},
            "ReadEmployment": lambda data: {**self.workflow.read(data["task_id"])},
            "FailTask": lambda data: {**self.workflow.fail(data["task_id"], data["outcome"])},
        }
        return {name: partial(self._call, name, function) for name, function in work.items()}

    def _call(self, name: str, function: Callable[[Data], Data], data: Data) -> Data:
        self.before_invocation(name)
        return self.recorder.run(name, lambda: function(data))

    def start(self, name: str) -> None:
        execution = Execution(
            self.functions(), self.clock, {"task_id": name}, self.machine, on_evaluation=self.on_evaluation
        )
        self.executions.setdefault(name, execution)

    def _stop(self, name: str) -> None:
        if name in self.executions:
            self.executions[name].stop()
