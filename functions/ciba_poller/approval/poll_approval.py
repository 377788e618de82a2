"""PollApproval: one poll at most, and whatever it tells goes into the task in the same breath."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final, Protocol, assert_never

from pydantic import SecretStr
from staff0.clock import Clock, utc_now
from staff0.encryption import Encryptor
from staff0.errors import IdpRejectedClient, KeysUnavailable, TaskClosed, TokenRejected
from staff0.metrics import Measure, Metric, measure
from staff0.observability import logger
from staff0.settings import PollApprovalSettings, load_settings
from staff0.tasks import Approval, Reason, TaskState, TaskStore, with_status

from approval import task_messages, wiring
from approval.identity_provider import idp_clients
from approval.identity_provider.token_response import PollOutcome, PollResult, unanswered
from approval.poll_schedule import is_free, scheduled, wait
from approval.rate_limits.cool_downs import CoolDowns
from approval.rate_limits.poll_slots import PollSlots
from approval.rate_limits.push_limits import over
from approval.step_io import Outcome, StepInput, StepResult, done, task_of
from approval.task_writer import TaskWriter

LEASE_SECONDS: Final = 40  # longer than the function's timeout in template.yaml
# From the expiry to the ending: longer than what is left of a last poll, sent two seconds before.
SETTLING: Final = timedelta(seconds=3)

_ENDED: Final = {TaskState.CANCELED: Outcome.CANCELED, TaskState.REJECTED: Outcome.DENIED}


class Poller(Protocol):
    def poll(self, auth_req_id: SecretStr, interval_seconds: int, push_expires_at: datetime) -> PollResult: ...
    def check(self, answer: PollResult, sub: str) -> SecretStr: ...


@dataclass(frozen=True)
class PollApproval:
    store: TaskStore
    encryptor: Encryptor
    ciba: Poller
    slots: PollSlots
    cool_downs: CoolDowns
    clock: Clock
    pause: Callable[[float], None] = time.sleep
    measure: Measure = measure

    def run(self, task_id: str) -> StepResult:
        """Raises TaskConflict when somebody else polls or writes: the repeated call then waits for its turn."""
        stored, approval = self._transitions.load(task_id)
        now = self.clock()
        if stored.state.is_terminal:
            return done(_ENDED.get(stored.state, Outcome.FAILED))
        if approval.sealed_token is not None:
            return done(Outcome.APPROVED)
        self.measure(Metric.OPEN_SECONDS, (now - (approval.asked_at or now)).total_seconds())
        if approval.expires_at is not None and now >= approval.expires_at:
            self._settle(approval.expires_at)
            self.measure(Metric.UNANSWERED, caller=approval.caller)
            return self._close(task_id, Outcome.EXPIRED, TaskState.FAILED, Reason.NOT_CONFIRMED)
        if approval.sealed_auth_req_id is None:
            return wait(scheduled(approval, now), now)
        if not is_free(approval, now):
            return wait(approval, now)
        return self._poll(approval, approval.sealed_auth_req_id, now)

    @property
    def _transitions(self) -> TaskWriter:
        return TaskWriter(self.store, self.clock)

    def _settle(self, expires_at: datetime) -> None:
        """Polls take time, and whom nobody asked is never polled: all end at one moment, or a clock would tell."""
        left = (expires_at + SETTLING - self.clock()).total_seconds()
        if left > 0:
            self.pause(left)

    def _poll(self, approval: Approval, sealed: bytes, now: datetime) -> StepResult:
        leased = self.store.save_approval(_leased(approval, now))
        auth_req_id = self.encryptor.decrypt(approval.task_id, sealed)
        answer = self._ask(leased, auth_req_id)
        if answer.has_failed:
            self.measure(Metric.POLL_FAILED)
        match answer.outcome:
            case PollOutcome.PENDING:
                return self._again(leased, answer)
            case PollOutcome.APPROVED:
                return self._accept(leased, answer)
            case PollOutcome.DENIED:
                self.measure(Metric.DENIED, caller=leased.caller)
                denied = self._close(leased.task_id, Outcome.DENIED, TaskState.REJECTED, Reason.DENIED)
                over(self.cool_downs, leased, forgiven=False)
                return denied
            case PollOutcome.LOST:
                return self._close(leased.task_id, Outcome.FAILED, TaskState.FAILED, Reason.TOKEN_LOST)
            case PollOutcome.EXPIRED:
                return self._wait_out(leased)
            case _:
                assert_never(answer.outcome)

    def _ask(self, approval: Approval, auth_req_id: SecretStr) -> PollResult:
        interval = approval.interval_seconds
        push_expires_at = approval.push_expires_at or approval.expires_at or self.clock()
        try:
            return self.ciba.poll(auth_req_id, interval, push_expires_at)
        except KeysUnavailable as error:
            logger.warning("no poll", extra={"code": error.code})
            return PollResult(PollOutcome.PENDING, interval, has_failed=True)
        except IdpRejectedClient as error:
            # Whoever rotates a secret or mends the application has until the expiry: the approval is not lost.
            logger.error("the tenant refuses our polls", extra={"code": error.code, "detail": str(error)})
            return unanswered(interval)

    def _again(self, leased: Approval, answer: PollResult) -> StepResult:
        now = self.clock()
        slower = leased.model_copy(update={"interval_seconds": answer.interval_seconds})
        planned = self.slots.booked(scheduled(slower, now, at_least_seconds=answer.wait_seconds))
        return wait(self.store.save_approval(planned), now)

    def _wait_out(self, leased: Approval) -> StepResult:
        """A request over before its time goes on without polls, so that it looks like one that nobody answers."""
        now = self.clock()
        return wait(self.store.save_approval(scheduled(leased.without_secrets(), now)), now)

    def _accept(self, leased: Approval, answer: PollResult) -> StepResult:
        try:
            token = self.ciba.check(answer, leased.employee_sub or "")
        except TokenRejected as error:
            logger.error("the token is rejected", extra={"detail": str(error)})
            return self._close(leased.task_id, Outcome.FAILED, TaskState.FAILED, Reason.TOKEN_REJECTED)
        sealed = self.encryptor.encrypt(leased.task_id, token)
        held = {"sealed_token": sealed, "sealed_auth_req_id": None, "approved_at": self.clock()}
        try:
            self._transitions.advance(
                leased.task_id,
                lambda stored, approval: (
                    with_status(stored.task, TaskState.WORKING, task_messages.PROCESSING, self.clock()),
                    approval.model_copy(update=held),
                ),
            )
        except TaskClosed:
            return done(Outcome.CANCELED)
        self.measure(Metric.APPROVED, caller=leased.caller)
        over(self.cool_downs, leased, forgiven=True)
        return done(Outcome.APPROVED)

    def _close(self, task_id: str, outcome: Outcome, state: TaskState, reason: Reason) -> StepResult:
        self._transitions.close(task_id, state, reason)
        return done(outcome)


def _leased(approval: Approval, now: datetime) -> Approval:
    """CIBA Core 7.3: the interval counts from when the last poll was sent, and no two polls overlap."""
    next_poll_at = now + timedelta(seconds=approval.interval_seconds)
    lease_until = now + timedelta(seconds=LEASE_SECONDS)
    return approval.model_copy(update={"next_poll_at": next_poll_at, "poll_lease_until": lease_until})


@cache
def _settings() -> PollApprovalSettings:
    return load_settings(PollApprovalSettings)


def handler(event: StepInput, _context: object) -> StepResult:
    task_id = task_of(event)
    settings = _settings()
    poll_approval = PollApproval(
        store=wiring.store(settings),
        encryptor=wiring.encryptor(settings),
        ciba=idp_clients.ciba(settings),
        slots=PollSlots(wiring.counters(settings), settings.tenant_polls_per_second),
        cool_downs=wiring.cool_downs(settings),
        clock=utc_now,
    )
    return poll_approval.run(task_id)
