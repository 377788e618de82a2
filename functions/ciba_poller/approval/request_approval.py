"""RequestApproval: the step that finds the employee and sends one push, also when it is run again."""

from copy import replace
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Protocol

from staff0 import aws_clients
from staff0.caller_registry import CallerRegistry, Quotas, client_id_of
from staff0.clock import Clock, utc_now
from staff0.employee_choices import EmployeeChoices
from staff0.observability import log_invocation
from staff0.person_keys import PersonKeys, derived_key
from staff0.question import Question
from staff0.settings import load_settings
from staff0.skills import SKILLS, Skills
from staff0.tasks import DEADLINE_MARGIN, Approval, StoredTask, TaskState, TaskStore, with_status
from staff0.trace_context import continue_trace

from approval import task_messages, wiring
from approval.admission import Admission
from approval.approval_metadata import approval_metadata
from approval.binding_message import NewCode, new_code
from approval.identity_provider import client_factory
from approval.poll_schedule import SETTLING, schedule_next_poll, wait_for_poll
from approval.push_sender import PushSender
from approval.rate_limits.poll_slots import PollSlots
from approval.rate_limits.push_limits import PushLimits
from approval.request_approval_settings import RequestApprovalSettings
from approval.result.pseudonyms import Pseudonyms
from approval.step_io import Outcome, StepInput, StepResult, done, parse_task_id
from approval.task_writer import TaskWriter


class EmployeeDirectory(Protocol):
    def find(self, question: Question) -> str | None: ...


class Choices(Protocol):
    def forbid(self, about: str, client_id: str) -> bool: ...


@dataclass(frozen=True)
class RequestApproval:
    """`expiry_seconds` is how long an employee has to answer, and how long a request without an employee stays open.

    With `has_authorization_details` the identity provider puts the facts of a request into its token (RFC 9396).
    """

    store: TaskStore
    admission: Admission
    directory: EmployeeDirectory
    pseudonyms: Pseudonyms
    choices: Choices
    limits: PushLimits
    push_sender: PushSender
    skills: Skills
    has_authorization_details: bool
    expiry_seconds: int
    clock: Clock
    new_code: NewCode

    def run(self, task_id: str) -> StepResult:
        """Raises TaskConflict; before the push also IdpRateLimited, IdpUnavailable and IdpRejectedClient."""
        stored, approval = TaskWriter(self.store, self.clock).load(task_id)
        continue_trace(stored.traceparent)
        if stored.state.is_terminal:
            return done(Outcome.CLOSED)
        if approval.asked_at is not None:
            return wait_for_poll(approval, self.clock())
        admitted = self.admission.admit(stored, approval)
        if admitted is None:
            return done(Outcome.CLOSED)
        self.push_sender.prepare()
        self.limits.reserve_push_slot()
        return wait_for_poll(self._push(self._claim(*admitted)), self.clock())

    def _push(self, claimed: Approval) -> Approval:
        """Sends the push if the employee may be asked now. Counts it once, since a task is claimed once."""
        if not self.limits.reserve_employee(claimed):
            return claimed
        sent = self.push_sender.send(claimed)
        if sent is None:
            self.limits.release_employee(claimed)
        return sent or claimed

    def _claim(self, stored: StoredTask, approval: Approval) -> Approval:
        """Moves the task to AUTH_REQUIRED and takes the right to push, in one write. Raises TaskConflict.

        Without `employee_sub` there is no employee to ask. The caller sees no difference between an unknown employee,
        one who cannot be asked, one who was asked too often and one who does not want to be asked. The last is from
        here on an address without an employee, so that the same calls follow.
        """
        found = self.directory.find(approval.question)
        about = self.pseudonyms.for_audit(found, approval.question.subject or "")
        is_forbidden = self.choices.forbid(about, client_id_of(approval.owner))
        sub = None if is_forbidden else found
        now, code = self.clock(), self.new_code()
        expires_at = now + timedelta(seconds=self.expiry_seconds)
        skill = self.skills.get(approval.question.skill)
        claimed = schedule_next_poll(
            replace(
                approval,
                about=about,
                person_key=self.limits.person_keys.found(sub, approval.question),
                asked_at=now,
                expires_at=expires_at,
                code=code,
                facts=tuple(fact.id for fact in skill.facts(approval.question)),
                has_authorization_details=self.has_authorization_details,
                employee_sub=sub,
                switched_off=is_forbidden,
            ),
            now,
        )
        metadata = approval_metadata(
            approval.question, self.skills.get(approval.question.skill), approval.caller, code, expires_at
        )
        waiting = with_status(stored.task, TaskState.AUTH_REQUIRED, task_messages.asked(code), now, metadata)
        self.store.commit(stored, waiting, approval=claimed, deadline=expires_at + DEADLINE_MARGIN)
        return claimed


@cache
def _settings() -> RequestApprovalSettings:
    return load_settings(RequestApprovalSettings)


@log_invocation
def handler(event: StepInput, _context: object) -> StepResult:
    task_id = parse_task_id(event)
    return _request_approval(_settings()).run(task_id)


def _request_approval(settings: RequestApprovalSettings) -> RequestApproval:
    store, limits = wiring.store(settings), _push_limits(settings)
    return RequestApproval(
        store=store,
        admission=Admission(
            store,
            CallerRegistry(aws_clients.dynamodb, settings.callers_table),
            limits,
            _quotas(settings),
            utc_now,
        ),
        directory=client_factory.directory(settings),
        pseudonyms=wiring.pseudonyms(settings),
        choices=EmployeeChoices(aws_clients.dynamodb, settings.choices_table, utc_now),
        limits=limits,
        push_sender=PushSender(
            ciba=client_factory.ciba(settings),
            skills=SKILLS,
            encryptor=wiring.encryptor(settings),
            writer=TaskWriter(store, utc_now),
            slots=PollSlots(wiring.rate_limiter(settings), settings.tenant_polls_per_second),
            expiry_seconds=settings.requested_expiry_seconds,
            clock=utc_now,
        ),
        skills=SKILLS,
        has_authorization_details=settings.authorization_details,
        expiry_seconds=settings.requested_expiry_seconds,
        clock=utc_now,
        new_code=new_code,
    )


def _push_limits(settings: RequestApprovalSettings) -> PushLimits:
    return PushLimits(
        rate_limiter=wiring.rate_limiter(settings),
        cool_downs=wiring.cool_downs(settings),
        person_keys=_person_keys(settings.limits_key_id),
        clock=utc_now,
        request_lifetime=timedelta(seconds=settings.requested_expiry_seconds) + SETTLING,
        per_employee_per_hour=settings.pushes_per_employee_per_hour,
        per_caller_of_employee=settings.pushes_per_employee_and_caller_per_hour,
        pushes_per_second=settings.tenant_pushes_per_second,
    )


@cache
def _person_keys(key_id: str) -> PersonKeys:
    return PersonKeys(lambda: derived_key(aws_clients.kms, key_id))


def _quotas(settings: RequestApprovalSettings) -> Quotas:
    return Quotas(
        pushes_per_hour=settings.pushes_per_caller_per_hour,
        employees_per_hour=settings.employees_per_caller_per_hour,
        employees_per_day=settings.employees_per_caller_per_day,
    )
