"""Keeps all polls together under our share of the tenant's rate: each is booked in a second that has room."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from staff0.observability import logger
from staff0.tasks import Approval

from approval.rate_limits.rate_limiter import RateLimiter

_LAST_MOMENT: Final = timedelta(seconds=1)


@dataclass(frozen=True)
class PollSlots:
    counters: RateLimiter
    per_second: int

    def booked(self, approval: Approval) -> Approval:
        """The approval with its next poll moved to where there is room.

        Where none is left before the expiry it is sent just before that all the same: better one 429 than an approval
        that nobody sees. After it there is no poll, so nothing is booked. A count that cannot be kept holds nobody up:
        right after a push an error here would lose the request.
        """
        if approval.next_poll_at is None or approval.expires_at is None:
            return approval
        latest = approval.expires_at - _LAST_MOMENT
        if approval.next_poll_at >= latest:
            return approval
        try:
            slot = self.counters.slot("tenant:polls", approval.next_poll_at, latest, self.per_second)
        except (BotoCoreError, ClientError) as error:
            logger.warning("a poll is not booked", extra={"error": type(error).__name__})
            return approval
        return approval.model_copy(update={"next_poll_at": slot})
