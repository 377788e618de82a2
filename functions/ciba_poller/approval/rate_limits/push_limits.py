"""Limits on pushes to employees' phones, counted before the identity provider is called (against push bombing).

Limits of the caller are counted by the text that it sent, and the caller is told when one is reached. So the answer
is the same whether or not an employee has that address.
Limits of the employee are silent. A request over such a limit ends like one that the employee does not answer;
otherwise the caller would learn who works here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from botocore.exceptions import ClientError
from staff0.caller_registry import Quotas
from staff0.clock import Clock
from staff0.errors import IdpRateLimited
from staff0.metrics import Measure, Metric, measure
from staff0.person_keys import PersonKeys
from staff0.tasks import Approval
from staff0.tasks.key_digest import key_digest

from approval.rate_limits.cool_downs import CoolDowns
from approval.rate_limits.rate_limiter import RateLimiter

_HOUR_SECONDS: Final = 3_600
_DAY_SECONDS: Final = 86_400
_THROTTLED: Final = {"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"}


@dataclass(frozen=True)
class PushLimits:
    """`request_lifetime` is how long a request without an answer stays open.

    `per_caller_of_employee` is how many of an employee's pushes of an hour one caller may use up.
    """

    rate_limiter: RateLimiter
    cool_downs: CoolDowns
    person_keys: PersonKeys
    clock: Clock
    request_lifetime: timedelta
    per_employee_per_hour: int
    per_caller_of_employee: int
    pushes_per_second: int
    measure: Measure = measure

    def reserve(self, approval: Approval, quotas: Quotas) -> tuple[bool, datetime]:
        """Counts the request against the caller's quotas and starts its cool-down.

        Returns whether the caller may ask about this person now, and when it may ask again. The quotas are checked
        before the cool-down, so that a request over a quota does not start one.
        """
        owner, about = approval.owner, approval.asked_key or ""
        if not self.rate_limiter.allow(f"caller:{owner}", _HOUR_SECONDS, quotas.pushes_per_hour):
            return False, self._end_of_window(_HOUR_SECONDS)
        if not self.rate_limiter.allow_unique(f"people:{owner}", about, _HOUR_SECONDS, quotas.employees_per_hour):
            return False, self._end_of_window(_HOUR_SECONDS)
        if not self.rate_limiter.allow_unique(f"people-day:{owner}", about, _DAY_SECONDS, quotas.employees_per_day):
            return False, self._end_of_window(_DAY_SECONDS)
        return self.cool_downs.acquire(owner, about, approval.task_id, self.request_lifetime)

    def reserve_push_slot(self) -> None:
        """Counts one push in the current second. Raises IdpRateLimited when this second has no room.

        A limit by the second spreads the pushes of many requests, and so their polls too.
        """
        try:
            has_room = self.rate_limiter.allow("tenant:pushes", 1, self.pushes_per_second)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _THROTTLED:
                raise
            has_room = False  # DynamoDB throttles the counter: there are more requests than one item takes
        if not has_room:
            raise IdpRateLimited("no more pushes in this second")

    def reserve_employee(self, claimed: Approval) -> bool:
        """Whether a push may go to this employee; counts it. False for an address without an employee.

        Call it once for a task, after the claim: an attempt before a claim that fails must not count, and FailTask
        could not give back what it reserved. A live request of the same caller about the same employee, by address or
        by id, blocks this one, which is not counted.
        """
        person = _person(claimed)
        again_at = claimed.again_at or self.clock() + self.request_lifetime
        if not self.cool_downs.reserve(claimed.owner, person, claimed.task_id, again_at):
            return False
        asked_at, share = claimed.asked_at or self.clock(), _share(claimed)
        if not self.rate_limiter.count(share, _HOUR_SECONDS, self.per_caller_of_employee, asked_at):
            return False
        pushes_this_hour = self.rate_limiter.count(
            _counter(person), _HOUR_SECONDS, self.per_employee_per_hour, asked_at
        )
        if not pushes_this_hour:
            self.rate_limiter.uncount(share, _HOUR_SECONDS, asked_at)
            return False
        if claimed.employee_sub is None:
            return False
        self.measure(Metric.PUSHES_TO_EMPLOYEE, pushes_this_hour)
        return True

    def release_employee(self, claimed: Approval) -> None:
        """Takes back the counts of a push that was not sent."""
        for counter in (_counter(_person(claimed)), _share(claimed)):
            self.rate_limiter.uncount(counter, _HOUR_SECONDS, claimed.asked_at or self.clock())

    def _end_of_window(self, window_seconds: int) -> datetime:
        window = int(self.clock().timestamp()) // window_seconds
        return datetime.fromtimestamp((window + 1) * window_seconds, tz=UTC)


def _person(claimed: Approval) -> str:
    """The person who was found. No text of a caller has this key, so a caller cannot probe this cool-down."""
    if claimed.person_key is None:
        raise ValueError("the approval is not claimed")
    return claimed.person_key


def _counter(person: str) -> str:
    return f"person:{person}"


def _share(claimed: Approval) -> str:
    """The counter of one caller's pushes to this person."""
    return f"share:{key_digest(claimed.owner, _person(claimed))}"
