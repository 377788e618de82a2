"""An ordinary day of the stack, and each failure that an operator should hear of, as small as it can be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import httpx
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from hr_agent.questions.gemini_parser import GeminiParser
from hr_agent.questions.rule_parser import RuleParser
from notifier.fan_out import FanOut
from notifier.message_handler import MessageHandler
from staff0.errors import ItemUnreadable
from staff0.metrics import measure
from staff0.question import Question
from staff0.secret_str import SecretStr
from staff0.skills import SKILLS
from staff0.tasks import PushConfigStore

from tests.support import physical_names
from tests.support.approval_workflow import ABOUT_UNKNOWN
from tests.support.damaged_items import damage_approval
from tests.support.fake_gemini import running_gemini
from tests.support.fake_idp_faults import Fault, Serve, drop_request, respond
from tests.support.fake_management_api import Employee
from tests.support.fake_queue import FakeSqs
from tests.support.sample_webhooks import stream_record

if TYPE_CHECKING:
    from tests.support.observed_stack import ObservedStack

type Failure = Callable[[ObservedStack], object]

EMPLOYEES: Final = [Employee(f"auth0|{number}", f"e{number}@staff0.com") for number in range(9)]
CALLERS: Final = [f"caller-{number}" for number in range(5)]


def about(employee: Employee) -> Question:
    return Question(name="An Employee", email=employee.email)


def ordinary_day(observed: ObservedStack) -> None:
    """Answers of all kinds, a caller's error, and a delivery that waits for half an hour."""
    observed.ask(answer="approve")
    observed.ask(about(EMPLOYEES[7]), answer="deny")
    observed.ask(about(EMPLOYEES[8]))
    observed.ask(ABOUT_UNKNOWN)
    for api, status in (("AgentApi", 200), ("AgentApi", 401), ("HrApi", 200)):
        observed.aws.response(observed.now, physical_names.api_id(api), status)
    for function in ("AgentFunction", "HrApiFunction", "DeliverFunction"):
        observed.invoke(function, lambda: None)
    observed.aws.stream_batch(observed.now, physical_names.function_name("FanOutFunction"), age_seconds=0.4)
    wait_in_queue(30)(observed)
    observed.clock.advance(3600)


def error_of(function: str, api: str | None = None) -> Failure:
    """One invocation that ends by an error, which the API, if there is one, answers with 500."""

    def fail(observed: ObservedStack) -> None:
        observed.fail_once(function)
        if api:
            observed.aws.response(observed.now, physical_names.api_id(api), 500)

    return fail


def throttles_of(function: str, times: int) -> Failure:
    return lambda observed: observed.throttle(function, times)


def broken(steps: dict[str, Exception], requests: int = 1) -> Failure:
    """Steps of the workflow that always fail, with their errors."""

    def fail(observed: ObservedStack) -> None:
        observed.broken = {f"{step}Function": error for step, error in steps.items()}
        for employee in EMPLOYEES[:requests]:
            observed.ask(about(employee), answer="approve")

    return fail


def execution(ending: str) -> Failure:
    arn = physical_names.state_machine_arn("ApprovalStateMachine")
    return lambda observed: observed.aws.execution(observed.now, arn, ending)


def message_in(queue: str) -> Failure:
    return lambda observed: observed.aws.queue(observed.now, physical_names.queue_name(queue), visible=1)


def wait_in_queue(minutes: int) -> Failure:
    """A delivery that waits."""

    def fail(observed: ObservedStack) -> None:
        for minute in range(minutes):
            name = physical_names.queue_name("DeliveriesQueue")
            observed.aws.queue(observed.now, name, visible=1, age_seconds=60 * minute)
            observed.clock.advance(60)

    return fail


def late_record(observed: ObservedStack) -> None:
    observed.aws.stream_batch(observed.now, physical_names.function_name("FanOutFunction"), age_seconds=61)


def push_answered(fault: Fault, employees: list[Employee], seconds_between: int = 0) -> Failure:
    """Requests whose push the identity provider answers in this way."""

    def fail(observed: ObservedStack) -> None:
        for employee in employees:
            observed.idp.fail_next("/bc-authorize", fault)
            observed.ask(about(employee))
            observed.clock.advance(seconds_between)

    return fail


def some_pushes_lost(observed: ObservedStack) -> None:
    """Three of four in an hour."""
    push_answered(respond(429), EMPLOYEES[:3])(observed)
    observed.ask(about(EMPLOYEES[3]), answer="approve")


def polls_answered(status: int, error: str | None, employees: list[Employee]) -> Failure:
    """Requests of which each poll is answered in this way; the directory's tokens come from the same endpoint."""

    def fault(serve: Serve, request: httpx.Request) -> httpx.Response:
        return respond(status, error)(serve, request) if b"auth_req_id" in request.content else serve(request)

    def fail(observed: ObservedStack) -> None:
        observed.idp.fail_next("/oauth/token", fault, times=99)
        for employee in employees:
            observed.ask(about(employee))

    return fail


def pushes_to_one_person(observed: ObservedStack) -> None:
    for caller in CALLERS:
        observed.ask(owner=caller, answer="approve")


def refusals_of_one_caller(observed: ObservedStack) -> None:
    for employee in EMPLOYEES[:5]:
        observed.ask(about(employee), answer="deny")


def late_poll(observed: ObservedStack) -> None:
    task_id = observed.workflow.submit_and_request()
    observed.clock.advance(400)
    observed.invoke("PollApprovalFunction", lambda: observed.workflow.poll(task_id))


def hr_api_down(observed: ObservedStack) -> None:
    """For longer than an approval waits for it."""
    observed.workflow.hr_api.failures.extend([httpx.ConnectError] * 999)
    observed.ask(answer="approve")


def unreadable_item(observed: ObservedStack) -> None:
    task_id = observed.workflow.submit()
    damage_approval(observed.workflow.aws.dynamodb, task_id)

    def read() -> None:
        with suppress(ItemUnreadable):
            observed.workflow.store.find(task_id)

    observed.invoke("AgentFunction", read)


def unreadable_record(observed: ObservedStack) -> None:
    configs = PushConfigStore(observed.workflow.aws.dynamodb, "tasks", observed.clock)
    fan_out = FanOut(configs, FakeSqs(observed.clock).queue())
    observed.invoke("FanOutFunction", lambda: fan_out.run([stream_record(None, None)]))


def unreadable_message(observed: ObservedStack) -> None:
    sqs = FakeSqs(observed.clock)
    handler = MessageHandler(lambda _: True, sqs.queue(), sqs.undelivered_queue(), measure, lambda: 0.0)
    record = SQSRecord({"messageId": "1", "body": "{}", "attributes": {"ApproximateReceiveCount": "1"}})
    observed.invoke("DeliverFunction", lambda: handler.handle(record))


def gemini_answers(status: int, questions: int) -> Failure:
    def fail(observed: ObservedStack) -> None:
        with running_gemini() as server:
            server.status = status
            parser = GeminiParser(lambda: SecretStr("key"), "a-model", server.url, fallback=RuleParser(SKILLS))
            for _ in range(questions):
                observed.invoke("AgentFunction", lambda: asyncio.run(parser.parse("Is jdoe@staff0.com employed?")))

    return fail


PUSH_LOST: Final = push_answered(drop_request(), EMPLOYEES[:1])
PUSH_REFUSED: Final = push_answered(respond(403, "unauthorized_client"), EMPLOYEES[:1])
NO_PUSH_IN_AN_HOUR: Final = push_answered(respond(400, "unknown_user_id"), EMPLOYEES[:3])
NO_PUSH_IN_THREE_DAYS: Final = push_answered(respond(400, "unknown_user_id"), EMPLOYEES[:3], 86_400)
NO_PUSH_BY_THE_POLL: Final = polls_answered(400, "invalid_request", EMPLOYEES[:3])
POLLS_UNANSWERED: Final = polls_answered(503, None, EMPLOYEES[:1])
POLLS_REFUSED: Final = polls_answered(401, "invalid_client", EMPLOYEES[:1])
