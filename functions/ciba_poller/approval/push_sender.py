"""Sends the push of a claimed approval, and stores the id to poll with."""

from copy import replace
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from staff0.clock import Clock
from staff0.encryption import Encryptor
from staff0.errors import IdpError, IdpRateLimited, IdpRejectedClient, PushRefused, TaskClosed
from staff0.metrics import Measure, Metric, measure
from staff0.observability import logger
from staff0.skills import Skills
from staff0.tasks import Approval

from approval.binding_message import binding_message
from approval.identity_provider.ciba_client import AuthenticationRequest
from approval.identity_provider.requested_consent import RequestedConsent, requested_consent
from approval.poll_schedule import schedule_next_poll
from approval.rate_limits.poll_slots import PollSlots
from approval.task_writer import TaskWriter


class AuthenticationStarter(Protocol):
    def prepare(self) -> None: ...

    def start(
        self, consent: RequestedConsent, binding_message: str, requested_expiry_seconds: int
    ) -> AuthenticationRequest: ...


@dataclass(frozen=True)
class PushSender:
    """`expiry_seconds` is how long an employee has to answer."""

    ciba: AuthenticationStarter
    skills: Skills
    encryptor: Encryptor
    writer: TaskWriter
    slots: PollSlots
    expiry_seconds: int
    clock: Clock
    measure: Measure = measure

    def prepare(self) -> None:
        """Call it before the approval is claimed: an outage of the metadata then costs the employee no request.

        Raises IdpUnavailable, IdpRejectedClient.
        """
        self.ciba.prepare()

    def send(self, approval: Approval) -> Approval | None:
        """Sends the push once and returns the approval with its first poll. Raises TaskConflict.

        Returns None if the identity provider refused, so that no phone rang. A push that may have failed leaves the
        approval as it is. In both cases the request ends like one without an answer; otherwise the caller would learn
        who works here. The push is not sent again: a request that timed out may have reached the phone (CIBA Core 7).
        """
        if approval.employee_sub is None or approval.code is None:
            return approval
        message = binding_message(approval.caller, approval.code)
        try:
            request = self.ciba.start(requested_consent(approval, self.skills), message, self.expiry_seconds)
        except IdpError as error:
            self._report(error)
            return None if isinstance(error, IdpRejectedClient | IdpRateLimited | PushRefused) else approval
        self.measure(Metric.PUSH_SENT)
        return self._store(approval, request, self.encryptor.encrypt(approval.task_id, request.auth_req_id))

    def _report(self, error: IdpError) -> None:
        """Tells the operator, since the caller sees no difference from an employee who does not answer."""
        match error:
            case IdpRejectedClient():
                metric, log = Metric.IDP_REFUSED, logger.error
            case PushRefused():
                metric, log = Metric.PUSH_NOT_POSSIBLE, logger.warning
            case _:
                metric, log = Metric.PUSH_FAILED, logger.warning
        self.measure(metric)
        self.measure(Metric.PUSH_SENT, 0)  # the alarms compare the two, and CloudWatch compares no absent value
        log("no push is sent", extra={"code": error.code, "detail": str(error), **error.log_fields})

    def _store(self, approval: Approval, request: AuthenticationRequest, sealed_auth_req_id: bytes) -> Approval:
        now = self.clock()
        push: dict[str, Any] = {
            "sealed_auth_req_id": sealed_auth_req_id,
            "interval_seconds": request.interval_seconds,
            # Counted from before the request was sent, so not later than the identity provider's own expiry.
            "push_expires_at": (approval.asked_at or now) + timedelta(seconds=request.expires_in_seconds),
        }
        scheduled = self.slots.reserve_poll_slot(schedule_next_poll(replace(approval, **push), now))
        update = push | {"next_poll_at": scheduled.next_poll_at, "poll_lease_until": None}
        try:
            return self.writer.update_approval(approval.task_id, lambda current: replace(current, **update))
        except TaskClosed:
            return approval
