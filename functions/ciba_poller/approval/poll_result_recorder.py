"""Writes the result of a poll into the task."""

import secrets
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass
from typing import Any, Final, assert_never

from staff0.clock import Clock
from staff0.encryption import Encryptor
from staff0.errors import TaskClosed
from staff0.metrics import Measure, Metric
from staff0.tasks import DEADLINE_MARGIN, Approval, Reason, TaskState, TaskStore, with_status

from approval import task_messages
from approval.hr_api_retries import read_until
from approval.identity_provider.token_response import IssuedTokens, PollOutcome, PollResult, VerifiedToken
from approval.poll_schedule import schedule_next_poll, wait_for_poll
from approval.rate_limits.cool_downs import CoolDowns, release
from approval.rate_limits.poll_slots import PollSlots
from approval.step_io import Outcome, StepResult, done, pending_until
from approval.task_writer import TaskWriter
from approval.unverified_tokens import UnverifiedTokens, are_kept, may_retry, retry_at

_SCHEDULE: Final = (
    *("sealed_auth_req_id", "interval_seconds", "polled_at", "slowest_poll_seconds"),
    *("next_poll_at", "poll_lease_until"),
)

_REASONS: Final = {
    PollOutcome.CODE_ALREADY_USED: Reason.TOKEN_LOST,
    PollOutcome.REFUSED: Reason.APPROVAL_REFUSED,
}
_METRICS: Final = {
    PollOutcome.REFUSED: Metric.IDP_REFUSED,
    PollOutcome.NO_PUSH: Metric.PUSH_NOT_POSSIBLE,
}


@dataclass(frozen=True)
class PollResultRecorder:
    store: TaskStore
    encryptor: Encryptor
    slots: PollSlots
    cool_downs: CoolDowns
    clock: Clock
    measure: Measure
    new_key: Callable[[], str] = secrets.token_urlsafe

    def record(self, leased: Approval, result: PollResult) -> StepResult:
        """Writes the result and returns the outcome of the step. `leased` holds the lease. Raises TaskConflict."""
        if metric := _METRICS.get(result.outcome):
            self.measure(metric)
        match result.outcome:
            case PollOutcome.PENDING:
                return self._reschedule(leased, result)
            case PollOutcome.APPROVED:
                return self._accept(leased, result.verified)
            case PollOutcome.UNVERIFIED:
                return self._keep(leased, result.unverified)
            case PollOutcome.DENIED:
                return self._deny(leased)
            case PollOutcome.CODE_ALREADY_USED | PollOutcome.REFUSED:
                return self.fail(leased, _REASONS[result.outcome])
            case PollOutcome.EXPIRED | PollOutcome.NO_PUSH:
                return self._continue_without_polling(leased)
            case _:
                assert_never(result.outcome)

    def fail(self, leased: Approval, reason: Reason) -> StepResult:
        self._writer.end(leased.task_id, TaskState.FAILED, reason)
        return done(Outcome.FAILED)

    def verify_later(self, kept: Approval) -> StepResult:
        """Pending until the kept tokens are verified again. Fails the task when too little time is left."""
        now = self.clock()
        if not may_retry(kept, now):
            return self.fail(kept, Reason.TENANT_UNAVAILABLE)
        return pending_until(retry_at(now), now)

    def _keep(self, leased: Approval, tokens: IssuedTokens | None) -> StepResult:
        if tokens is None or are_kept(leased):
            return self.verify_later(leased)
        now = self.clock()
        update = UnverifiedTokens(self.encryptor).keep(leased.task_id, tokens, now)
        try:
            kept = self._writer.update_approval(leased.task_id, lambda current: replace(current, **update))
        except TaskClosed:
            return done(Outcome.CANCELED)
        return self.verify_later(kept)

    def _reschedule(self, leased: Approval, result: PollResult) -> StepResult:
        now = self.clock()
        slowest = (now - leased.polled_at).total_seconds() if leased.polled_at else 0
        scheduled = schedule_next_poll(
            replace(
                leased,
                interval_seconds=result.interval_seconds,
                slowest_poll_seconds=max(leased.slowest_poll_seconds, slowest),
            ),
            now,
            at_least_seconds=result.wait_seconds,
            back_off_seconds=result.back_off_seconds,
        )
        return self._save(self.slots.reserve_poll_slot(scheduled))

    def _continue_without_polling(self, leased: Approval) -> StepResult:
        """Keeps a request open that ended early, so that it looks like one that the employee does not answer."""
        return self._save(schedule_next_poll(leased.without_secrets(), self.clock()))

    def _save(self, scheduled: Approval) -> StepResult:
        """Writes the schedule, also when another writer was first: otherwise the lease would delay the next poll."""
        update = {name: getattr(scheduled, name) for name in _SCHEDULE}
        try:
            saved = self._writer.update_approval(scheduled.task_id, lambda current: replace(current, **update))
        except TaskClosed:
            return done(Outcome.CANCELED)
        return wait_for_poll(saved, self.clock())

    def _deny(self, leased: Approval) -> StepResult:
        self.measure(Metric.DENIED, caller=leased.caller)
        self._writer.end(leased.task_id, TaskState.REJECTED, Reason.DENIED)
        release(self.cool_downs, leased, forgive=False)
        return done(Outcome.DENIED)

    def _accept(self, leased: Approval, token: VerifiedToken | None) -> StepResult:
        if token is None:
            return self.fail(leased, Reason.TOKEN_REJECTED)
        sealed_token, now = self.encryptor.encrypt(leased.task_id, token.access_token), self.clock()
        until = read_until(now, token.expires_at)
        update: dict[str, Any] = {
            "sealed_token": sealed_token,
            "approved_at": now,
            "read_until": until,
            "granted_facts": leased.facts if token.granted_facts is None else token.granted_facts,
            "token_id_hash": token.token_id_hash,
            "read_key": self.new_key(),
        }
        try:
            self._writer.update_task(
                leased.task_id,
                lambda stored, approval: (
                    with_status(stored.task, TaskState.WORKING, task_messages.PROCESSING, self.clock()),
                    replace(approval.without_secrets(), **update),
                ),
                deadline=until + DEADLINE_MARGIN,
            )
        except TaskClosed:
            return done(Outcome.CANCELED)
        self.measure(Metric.APPROVED, caller=leased.caller)
        release(self.cool_downs, leased, forgive=True)
        return done(Outcome.APPROVED)

    @property
    def _writer(self) -> TaskWriter:
        return TaskWriter(self.store, self.clock)
