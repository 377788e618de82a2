"""RequestApproval: finds the employee and sends the push, once, whatever is retried, resent or crashes."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Protocol

from staff0 import aws_clients
from staff0.caller_registry import CallerRegistry, Callers, Quotas
from staff0.clock import Clock, utc_now
from staff0.encryption import Encryptor
from staff0.errors import IdpError, IdpRejectedClient, TaskClosed
from staff0.observability import logger
from staff0.question import Question
from staff0.settings import RequestApprovalSettings, load_settings
from staff0.tasks import DEADLINE_MARGIN, Approval, Reason, StoredTask, TaskState, TaskStore, with_status

from approval import task_messages, wiring
from approval.binding_message import NewCode, binding_message, new_code
from approval.identity_provider import idp_clients
from approval.identity_provider.ciba_client import AuthenticationRequest
from approval.poll_schedule import scheduled, wait
from approval.rate_limits.poll_slots import PollSlots
from approval.rate_limits.push_limits import PushLimits
from approval.result.pseudonyms import Pseudonyms
from approval.step_io import Outcome, StepInput, StepResult, done, task_of
from approval.task_writer import TaskWriter


class Directory(Protocol):
    def find(self, question: Question) -> str | None: ...


class Pusher(Protocol):
    def start(self, sub: str, binding_message: str, requested_expiry_seconds: int) -> AuthenticationRequest: ...


@dataclass(frozen=True)
class RequestApproval:
    """`quotas` are those of a caller without its own.

    `expiry_seconds` is how long an employee has to answer, and how long everybody waits for nobody's answer.
    """

    store: TaskStore
    encryptor: Encryptor
    directory: Directory
    ciba: Pusher
    callers: Callers
    pseudonyms: Pseudonyms
    limits: PushLimits
    quotas: Quotas
    slots: PollSlots
    expiry_seconds: int
    clock: Clock
    new_code: NewCode

    def run(self, task_id: str) -> StepResult:
        """Raises TaskConflict, and before anybody is asked IdpRateLimited, IdpUnavailable and IdpRejectedClient."""
        stored, approval = TaskWriter(self.store, self.clock).load(task_id)
        if stored.state.is_terminal:
            return done(Outcome.CLOSED)
        if approval.asked_at is not None:
            return wait(approval, self.clock())
        begun = self._begin(stored, approval)
        if begun is None:
            return done(Outcome.CLOSED)
        self.limits.wait_for_tenant()
        return wait(self._push(self._claim(*begun)), self.clock())

    def _begin(self, stored: StoredTask, approval: Approval) -> tuple[StoredTask, Approval] | None:
        """The task at work, counted once for each person; None when its caller may not ask about this one now."""
        if approval.again_at is not None:
            return stored, approval
        transitions = TaskWriter(self.store, self.clock)
        caller = self.callers.find(approval.client_id)
        if caller is None or not caller.is_enabled:
            transitions.close(stored.task.id, TaskState.FAILED, Reason.CALLER_REFUSED)
            return None
        may_ask, again_at = self.limits.take(approval, caller.quotas(self.quotas))
        if not may_ask:
            transitions.refuse(stored.task.id, again_at, task_messages.too_many_requests(again_at))
            return None
        counted = approval.model_copy(update={"again_at": again_at})
        if stored.state is not TaskState.SUBMITTED:  # corrected while it was looked up
            return stored, self.store.save_approval(counted)
        working = with_status(stored.task, TaskState.WORKING, task_messages.LOOKING_UP, self.clock())
        begun = self.store.commit(stored, working, approval=counted)
        return begun, counted.model_copy(update={"version": counted.version + 1})

    def _claim(self, stored: StoredTask, approval: Approval) -> Approval:
        """Says AUTH_REQUIRED and takes the one right to push, in one write: of two attempts one gets TaskConflict.

        From here on nobody, an employee who cannot be asked and one asked too often are the same.
        """
        sub = self.directory.find(approval.question)
        about = self.pseudonyms.for_audit(sub or (approval.question.subject or "").lower())
        asked_sub = sub if self.limits.may_be_asked(approval, sub) else None
        now, code = self.clock(), self.new_code()
        expires_at = now + timedelta(seconds=self.expiry_seconds)
        claim = {"about": about, "asked_at": now, "expires_at": expires_at, "code": code, "employee_sub": asked_sub}
        claimed = scheduled(approval.model_copy(update=claim), now)
        told = {"code": code, "expires_at": task_messages.rfc3339(expires_at)}
        asked = with_status(stored.task, TaskState.AUTH_REQUIRED, task_messages.asked(code), now, told)
        self.store.commit(stored, asked, approval=claimed, deadline=expires_at + DEADLINE_MARGIN)
        return claimed

    def _push(self, approval: Approval) -> Approval:
        """A push that fails, for whatever reason, ends like one that nobody answers: else it would tell who exists.

        It is not sent again either: a request that timed out may have reached the phone (CIBA Core 7).
        """
        if approval.employee_sub is None or approval.code is None:
            return approval
        message = binding_message(approval.caller, approval.code)
        try:
            started = self.ciba.start(approval.employee_sub, message, self.expiry_seconds)
        except IdpError as error:
            log = logger.error if isinstance(error, IdpRejectedClient) else logger.warning
            log("no push went out", extra={"code": error.code, "detail": str(error)})
            return approval
        sealed = self.encryptor.encrypt(approval.task_id, started.auth_req_id)
        return self._keep(approval, started, sealed)

    def _keep(self, claimed: Approval, started: AuthenticationRequest, sealed: bytes) -> Approval:
        now = self.clock()
        push = {
            "sealed_auth_req_id": sealed,
            "interval_seconds": started.interval_seconds,
            # From before the request was sent, so never later than the tenant's own expiry.
            "push_expires_at": (claimed.asked_at or now) + timedelta(seconds=started.expires_in_seconds),
        }
        planned = self.slots.booked(scheduled(claimed.model_copy(update=push), now))
        noted = push | {"next_poll_at": planned.next_poll_at, "poll_lease_until": None}
        transitions = TaskWriter(self.store, self.clock)
        try:
            return transitions.note(claimed.task_id, lambda approval: approval.model_copy(update=noted))
        except TaskClosed:
            return claimed


@cache
def _settings() -> RequestApprovalSettings:
    return load_settings(RequestApprovalSettings)


def handler(event: StepInput, _context: object) -> StepResult:
    return _request_approval(_settings()).run(task_of(event))


def _request_approval(settings: RequestApprovalSettings) -> RequestApproval:
    expiry = timedelta(seconds=settings.requested_expiry_seconds)
    return RequestApproval(
        store=wiring.store(settings),
        encryptor=wiring.encryptor(settings),
        directory=idp_clients.directory(settings),
        ciba=idp_clients.ciba(settings),
        pseudonyms=wiring.pseudonyms(settings),
        callers=CallerRegistry(aws_clients.dynamodb, settings.callers_table),
        limits=PushLimits(
            counters=wiring.counters(settings),
            cool_downs=wiring.cool_downs(settings),
            clock=utc_now,
            lasts=expiry,
            per_employee_per_hour=settings.pushes_per_employee_per_hour,
            tenant_per_second=settings.tenant_pushes_per_second,
        ),
        quotas=Quotas(
            pushes_per_hour=settings.pushes_per_caller_per_hour,
            employees_per_hour=settings.employees_per_caller_per_hour,
            employees_per_day=settings.employees_per_caller_per_day,
        ),
        slots=PollSlots(wiring.counters(settings), settings.tenant_polls_per_second),
        expiry_seconds=settings.requested_expiry_seconds,
        clock=utc_now,
        new_code=new_code,
    )
