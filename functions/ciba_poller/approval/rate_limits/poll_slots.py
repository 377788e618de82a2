"""Reserves a second for each poll, so that all polls together stay below our share of the identity provider's rate."""

from copy import replace
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from staff0.observability import logger
from staff0.tasks import Approval

from approval.poll_schedule import poll_times
from approval.rate_limits.rate_limiter import RateLimiter


@dataclass(frozen=True)
class PollSlots:
    rate_limiter: RateLimiter
    per_second: int

    def reserve_poll_slot(self, approval: Approval) -> Approval:
        """The approval with its next poll moved to a second that has room.

        The last poll, just before the expiry, needs no slot. If no second before it has room, only the last poll is
        sent: one 429 is better than an approval that is not seen. A poll after the expiry is never sent.
        If DynamoDB is not available the next poll stays as it is: an error right after a push would lose the request.
        """
        if approval.next_poll_at is None or approval.expires_at is None:
            return approval
        times = poll_times(approval)
        latest = times.latest_before_last
        if approval.next_poll_at > latest:
            return approval
        try:
            slot = self.rate_limiter.reserve_slot("tenant:polls", approval.next_poll_at, latest, self.per_second)
        except (BotoCoreError, ClientError) as error:
            logger.warning("no poll slot is reserved", extra={"error": type(error).__name__})
            return approval
        return replace(approval, next_poll_at=slot if slot < latest else times.last)
