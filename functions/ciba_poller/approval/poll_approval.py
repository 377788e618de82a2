"""PollApproval: the step that sends at most one poll and writes its result into the task."""

import time
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from staff0.clock import Clock, utc_now
from staff0.encryption import Encryptor
from staff0.errors import IdpRejectedClient, TokenRejected
from staff0.metrics import Measure, Metric, measure
from staff0.observability import log_invocation, logger
from staff0.secret_str import SecretStr
from staff0.settings import (
    ApprovalKeySettings,
    AuditSettings,
    CibaSettings,
    CoolDownSettings,
    PollRateSettings,
    load_settings,
)
from staff0.skills import SKILLS, Skills
from staff0.tasks import Approval, Reason, TaskState, TaskStore
from staff0.trace_context import continue_trace

from approval import wiring
from approval.identity_provider import client_factory
from approval.identity_provider.requested_consent import RequestedConsent, requested_consent
from approval.identity_provider.token_response import IssuedTokens, PollResult, failed_poll
from approval.poll_result_recorder import PollResultRecorder
from approval.poll_schedule import (
    SETTLING,
    is_expired,
    lease_poll,
    may_poll,
    schedule_next_poll,
    seconds_to_poll,
    sleep_seconds,
    wait_for_poll,
)
from approval.rate_limits.cool_downs import CoolDowns
from approval.rate_limits.poll_slots import PollSlots
from approval.step_io import Outcome, StepInput, StepResult, done, parse_task_id
from approval.task_writer import TaskWriter
from approval.unverified_tokens import UnverifiedTokens, are_kept

_ENDED: Final = {TaskState.CANCELED: Outcome.CANCELED, TaskState.REJECTED: Outcome.DENIED}


class Poller(Protocol):
    def poll(
        self, auth_req_id: SecretStr, consent: RequestedConsent, interval_seconds: int, push_expires_at: datetime
    ) -> PollResult: ...

    def verify(self, tokens: IssuedTokens, consent: RequestedConsent, interval_seconds: int) -> PollResult: ...


@dataclass(frozen=True)
class PollApproval:
    store: TaskStore
    encryptor: Encryptor
    ciba: Poller
    skills: Skills
    slots: PollSlots
    cool_downs: CoolDowns
    clock: Clock
    sleep: Callable[[float], None] = time.sleep
    measure: Measure = measure

    def run(self, task_id: str) -> StepResult:
        """Raises TaskConflict when another poll or write is first; the retried call then waits for its turn."""
        stored, approval = self._writer.load(task_id)
        continue_trace(stored.traceparent)
        now = self.clock()
        if stored.state.is_terminal:
            return done(_ENDED.get(stored.state, Outcome.FAILED))
        if approval.sealed_token is not None:
            return done(Outcome.APPROVED)
        self.measure(Metric.OPEN_SECONDS, (now - (approval.asked_at or now)).total_seconds())
        return self._verify_again(approval) if are_kept(approval) else self._continue(approval, now)

    def _continue(self, approval: Approval, now: datetime) -> StepResult:
        """Polls if it is time to, and ends an unanswered request."""
        if approval.expires_at is not None and now >= approval.expires_at:
            return self._expire(approval, approval.expires_at)
        if approval.sealed_auth_req_id is None:
            # The steps of a request without a push are those of one whose polls take no time.
            return wait_for_poll(schedule_next_poll(replace(approval, polled_at=now), now), now)
        if seconds := seconds_to_poll(approval, now):
            self.sleep(seconds)
        return self._poll(approval, approval.sealed_auth_req_id)

    def _expire(self, approval: Approval, expires_at: datetime) -> StepResult:
        """Ends the request at the moment at which all unanswered requests end; another would tell who was asked."""
        now = self.clock()
        seconds = sleep_seconds(expires_at + SETTLING, now)
        if seconds is None:
            return wait_for_poll(approval, now)
        self.sleep(seconds)
        self.measure(Metric.UNANSWERED, caller=approval.caller)
        self._writer.end(approval.task_id, TaskState.FAILED, Reason.NOT_CONFIRMED)
        return done(Outcome.EXPIRED)

    def _poll(self, approval: Approval, sealed_auth_req_id: bytes) -> StepResult:
        if not may_poll(approval, self.clock()):
            return wait_for_poll(approval, self.clock())
        try:
            auth_req_id = self.encryptor.decrypt(approval.task_id, sealed_auth_req_id)
        except (BotoCoreError, ClientError) as error:
            logger.error("no poll is sent", extra={"error": type(error).__name__})
            failed = replace(approval, polled_at=self.clock())
            return self._record(failed, lambda: failed_poll(approval.interval_seconds))
        now = self.clock()
        if is_expired(approval, now):
            return wait_for_poll(approval, now)
        leased = self.store.save_approval(lease_poll(approval, now))
        sent = replace(leased, polled_at=self.clock())
        return self._record(sent, lambda: self._send_poll(sent, auth_req_id))

    def _verify_again(self, approval: Approval) -> StepResult:
        """Verifies the tokens of an approval, whose key was not known at the poll."""
        tokens = UnverifiedTokens(self.encryptor).read(approval)
        if tokens is None:
            return self._recorder.verify_later(approval)
        consent = requested_consent(approval, self.skills)
        return self._record(approval, lambda: self.ciba.verify(tokens, consent, approval.interval_seconds))

    def _record(self, approval: Approval, obtain: Callable[[], PollResult]) -> StepResult:
        try:
            result = obtain()
        except TokenRejected as error:
            logger.error("the token is rejected", extra={"detail": str(error)})
            return self._recorder.fail(approval, Reason.TOKEN_REJECTED)
        if result.has_failed:
            self.measure(Metric.POLL_FAILED)
        return self._recorder.record(approval, result)

    def _send_poll(self, leased: Approval, auth_req_id: SecretStr) -> PollResult:
        interval_seconds = leased.interval_seconds
        push_expires_at = leased.push_expires_at or leased.expires_at or self.clock()
        try:
            consent = requested_consent(leased, self.skills)
            return self.ciba.poll(auth_req_id, consent, interval_seconds, push_expires_at)
        except IdpRejectedClient as error:
            # The operator may correct the secret or the application before the expiry, and the approval is not lost.
            details = {"code": error.code, "detail": str(error), **error.log_fields}
            logger.error("the identity provider rejects our polls", extra=details)
            self.measure(Metric.IDP_REFUSED)
            return failed_poll(interval_seconds)

    @property
    def _writer(self) -> TaskWriter:
        return TaskWriter(self.store, self.clock)

    @property
    def _recorder(self) -> PollResultRecorder:
        return PollResultRecorder(self.store, self.encryptor, self.slots, self.cool_downs, self.clock, self.measure)


class PollApprovalSettings(CibaSettings, AuditSettings, CoolDownSettings, ApprovalKeySettings, PollRateSettings):
    pass


@cache
def _settings() -> PollApprovalSettings:
    return load_settings(PollApprovalSettings)


@log_invocation
def handler(event: StepInput, _context: object) -> StepResult:
    task_id = parse_task_id(event)
    return _poll_approval(_settings()).run(task_id)


def _poll_approval(settings: PollApprovalSettings) -> PollApproval:
    return PollApproval(
        store=wiring.store(settings),
        encryptor=wiring.encryptor(settings),
        ciba=client_factory.ciba(settings),
        skills=SKILLS,
        slots=PollSlots(wiring.rate_limiter(settings), settings.tenant_polls_per_second),
        cool_downs=wiring.cool_downs(settings),
        clock=utc_now,
    )
