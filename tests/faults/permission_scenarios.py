"""The scenarios that show what each function needs its role for: every method, every form, and what rarely happens."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final

from a2a.types import Task
from staff0.errors import WebhookFailed
from staff0.tasks import Approval, TaskState, with_status

from tests.faults import scenarios
from tests.faults.employee_visit import employee_visit
from tests.faults.hr_api_request import hr_api_request
from tests.faults.scenarios import Scenario, approved
from tests.faults.system_under_test import SystemUnderTest
from tests.support.approval_workflow import ABOUT_JOHN
from tests.support.fake_idp_faults import respond
from tests.support.older_layout import put_older_task
from tests.support.tokens import ISSUER


def every_method(system: SystemUnderTest) -> None:
    """The agent's methods and documents that the other scenarios do not ask for."""
    system.ask()
    task_id, caller = system.task_id, system.caller
    caller.do(lambda agent: agent.send("My address is jdoe@staff0.com", "m-2", taskId=task_id))
    caller.do(lambda agent: agent.list())
    caller.do(lambda agent: agent.subscribe(task_id))
    config = caller.do(lambda agent: agent.create_webhook(task_id, url="https://hooks.example/b", token="t"))
    caller.do(lambda agent: agent.get_webhook(task_id, config["id"]))
    caller.do(lambda agent: agent.list_webhooks(task_id))
    caller.do(lambda agent: agent.delete_webhook(task_id, config["id"]))
    caller.do(lambda agent: agent.extended_card())
    caller.do(lambda agent: agent.http.get("/.well-known/jwks.json"))
    caller.do(lambda agent: agent.create_webhook(task_id, url="https://hooks.example/c", token="t"))
    system.finish(lambda: system.answer("approved"))


def without_directory(system: SystemUnderTest) -> None:
    """Fails before the push, so that FailTask releases the hold on the person."""
    system.idp.fail_next("/oauth/token", respond(503), times=100)
    system.ask()
    system.finish()


def slow_employee(system: SystemUnderTest) -> None:
    """Answers after some polls, so that PollApproval reserves the next ones."""
    system.ask()
    system.finish(_at_last(lambda: system.answer("approved"), waits=4))


def _at_last(act: Callable[[], None], waits: int) -> Callable[[], None]:
    numbers = count(1)
    return lambda: act() if next(numbers) > waits else None


def dead_receiver(system: SystemUnderTest) -> None:
    """Fails all attempts of the deliveries. The operator queues them again once it is back."""
    approved(system)
    system.receivers.failure = WebhookFailed("ConnectError")
    system.notify(repeats=False)
    system.receivers.failure = None
    assert system.sqs.undelivered
    system.sqs.undelivered.clear()


def older_task(system: SystemUnderTest) -> None:
    """A task that a release before docs/adr/0019 stored, in the partition of its owner, with a webhook of today."""
    _put_older_task(system, "older-task-1")
    system.caller.do(lambda agent: agent.create_webhook(system.task_id, url="https://hooks.example/a"))
    system.start(system.task_id)
    system.finish(lambda: system.answer("approved"))
    assert system.workflow.state(system.task_id) is TaskState.COMPLETED
    system.notify()


def older_task_without_directory(system: SystemUnderTest) -> None:
    system.idp.fail_next("/oauth/token", respond(503), times=100)
    _put_older_task(system, "older-task-2")
    system.start(system.task_id)
    system.finish()
    assert system.workflow.state(system.task_id) is TaskState.FAILED


def _put_older_task(system: SystemUnderTest, task_id: str) -> None:
    owner, system.task_id = f"{ISSUER}|acme-client", task_id
    task = with_status(Task(id=system.task_id, context_id="c"), TaskState.SUBMITTED, "received", system.clock())
    approval = Approval(
        task_id=task.id,
        owner=owner,
        caller="acme",
        client_id="acme-client",
        agent_url="https://agent.example",
        question=ABOUT_JOHN,
    )
    put_older_task(system.aws.dynamodb, owner, task, approval=approval, table=system.aws.table)


SCENARIOS: Final[list[Scenario]] = [
    *scenarios.SCENARIOS,
    every_method,
    without_directory,
    slow_employee,
    dead_receiver,
    hr_api_request,
    employee_visit,
]
# Their first audit record is not of this release, so that not all promises can be checked after them.
OF_OLDER_RELEASES: Final[list[Scenario]] = [older_task, older_task_without_directory]
