"""How often a phone may ring, counted before the tenant is asked (OWASP's push bombing).

Two kinds. What the caller is told of counts by what the caller said, the same whether anybody has that address. What
counts by the employee is silent: a request over it ends like one that nobody answers, else it would tell who exists.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from botocore.exceptions import ClientError
from staff0.caller_registry import Quotas
from staff0.clock import Clock
from staff0.errors import IdpRateLimited
from staff0.metrics import Measure, Metric, measure
from staff0.tasks import Approval

from approval.rate_limits.cool_downs import CoolDowns
from approval.rate_limits.rate_limiter import RateLimiter

_HOUR: Final = 3_600
_DAY: Final = 86_400
_THROTTLED: Final = {"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"}


@dataclass(frozen=True)
class PushLimits:
    """`lasts` is how long a request lives; the rates count pushes."""

    counters: RateLimiter
    cool_downs: CoolDowns
    clock: Clock
    lasts: timedelta
    per_employee_per_hour: int
    tenant_per_second: int
    measure: Measure = measure

    def take(self, approval: Approval, quotas: Quotas) -> tuple[bool, datetime]:
        """Whether the caller may ask, which is counted then; and when it may again.

        RateLimiter come first: a request that they refuse starts no cool-down.
        """
        owner, about = approval.owner, _about(approval)
        if not self.counters.allow(f"caller:{owner}", _HOUR, quotas.pushes_per_hour):
            return False, self._end_of(_HOUR)
        if not self.counters.allow_distinct(f"people:{owner}", about, _HOUR, quotas.employees_per_hour):
            return False, self._end_of(_HOUR)
        if not self.counters.allow_distinct(f"people-day:{owner}", about, _DAY, quotas.employees_per_day):
            return False, self._end_of(_DAY)
        return self.cool_downs.begin(owner, about, approval.task_id, self.lasts)

    def wait_for_tenant(self) -> None:
        """Raises IdpRateLimited when our share of the tenant's rate is used up; nobody's push goes before another's.

        By the second, so that a crowd's pushes, and with them its polls, do not all come at once.
        """
        try:
            is_free = self.counters.allow("tenant:pushes", 1, self.tenant_per_second)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _THROTTLED:
                raise
            is_free = False  # more want to count than one item can bear, and so than the tenant could
        if not is_free:
            raise IdpRateLimited("no more pushes in this second")

    def may_be_asked(self, approval: Approval, sub: str | None) -> bool:
        """Nobody is counted like anybody, so that an unknown address takes as long as a known one.

        The caller's own request by another name of the same person holds them, too.
        """
        who = _person(approval, sub)
        again_at = approval.again_at or self.clock() + self.lasts
        is_free = self.cool_downs.hold(approval.owner, who, approval.task_id, again_at)
        how_manieth = self.counters.count(who, _HOUR, self.per_employee_per_hour)
        if not (is_free and how_manieth and sub):
            return False
        self.measure(Metric.PUSHES_TO_EMPLOYEE, how_manieth)
        return True

    def _end_of(self, window_seconds: int) -> datetime:
        window = int(self.clock().timestamp()) // window_seconds
        return datetime.fromtimestamp((window + 1) * window_seconds, tz=UTC)


def over(cool_downs: CoolDowns, approval: Approval, *, forgiven: bool) -> None:
    """The request is over before its time: see CoolDowns.end."""
    for about in (_about(approval), _person(approval, approval.employee_sub)):
        cool_downs.end(approval.owner, about, approval.task_id, forgiven=forgiven)


def _about(approval: Approval) -> str:
    """Whom the caller named, by what it wrote."""
    return f"asked:{(approval.question.subject or '').lower()}"


def _person(approval: Approval, sub: str | None) -> str:
    """Who that is. Never equal to what a caller can write: else it would meet its own hold on them, and know."""
    return f"employee:{sub}" if sub else f"nobody:{_about(approval)}"
