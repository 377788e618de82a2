"""Many questions at once, by the real limits and the real poll schedule, on a clock that jumps from event to event.

What is simulated is time and people; who may push or poll when is decided by the production code (PushLimits,
PollSlots, `schedule_next_poll`, `wait_for_poll`), and the retries of a push over the limit by the state machine.
Calls take no time.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterable
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final, cast

from approval.poll_schedule import schedule_next_poll, wait_for_poll
from approval.rate_limits.cool_downs import CoolDowns
from approval.rate_limits.poll_slots import PollSlots
from approval.rate_limits.push_limits import PushLimits
from approval.rate_limits.rate_limiter import RateLimiter
from mypy_boto3_dynamodb import DynamoDBClient
from staff0.errors import IdpRateLimited
from staff0.question import Question
from staff0.tasks import Approval

from tests.load.polling import ASKED_AT, EXPIRY_SECONDS, MEDIAN_SECONDS, SIGMA, SILENT
from tests.support import template_figures
from tests.support.fixed_person_keys import PERSON_KEYS
from tests.support.memory_counters import MemoryCounters

NEVER: Final = timedelta(days=1)
_QUESTION: Final = Question(email="jdoe@staff0.com")
type Event = Callable[[], None]


@dataclass
class Seen:
    """Seconds count from the first question; `tries` (to push), `pushes` and `polls` are by whole second."""

    tries: Counter[int] = field(default_factory=Counter)
    polls: Counter[int] = field(default_factory=Counter)
    pushes: Counter[int] = field(default_factory=Counter)
    push_delays: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    closed: list[float] = field(default_factory=list)
    refused: int = 0
    silent: int = 0
    unseen: int = 0
    smallest_gap_seconds: float = float("inf")

    @property
    def most_open(self) -> int:
        """The largest number of requests that waited for an employee at one time."""
        changes = sorted([(at, 1) for at in self.opened] + [(at, -1) for at in self.closed])
        most = now = 0
        for _, change in changes:
            now += change
            most = max(most, now)
        return most


class Burst:
    def __init__(self, pushes_per_second: int, polls_per_second: int, seed: int = 1) -> None:
        self.seen = Seen()
        self._dice = random.Random(seed)  # noqa: S311 - a simulation
        self._now = ASKED_AT
        self._events: list[tuple[datetime, int, Event]] = []
        self._order = count()
        client = cast("DynamoDBClient", MemoryCounters())
        counters = RateLimiter(client, "tasks", self._clock)
        cool_downs = CoolDowns(client, "tasks", self._clock, timedelta(0))
        expiry = timedelta(seconds=EXPIRY_SECONDS)
        self._limits = PushLimits(
            rate_limiter=counters,
            cool_downs=cool_downs,
            person_keys=PERSON_KEYS,
            clock=self._clock,
            request_lifetime=expiry,
            per_employee_per_hour=1,
            per_caller_of_employee=1,
            pushes_per_second=pushes_per_second,
        )
        self._slots = PollSlots(counters, polls_per_second)
        self._pauses = template_figures.busy_backoff_seconds()

    def run(self, arrivals: Iterable[float]) -> Seen:
        """`arrivals` are seconds after the first question."""
        for at in arrivals:
            moment = ASKED_AT + timedelta(seconds=at)
            self._at(moment, lambda moment=moment: self._ask(moment, 0))  # type: ignore[misc]
        while self._events:
            self._now, _, event = heapq.heappop(self._events)
            event()
        return self.seen

    def _clock(self) -> datetime:
        return self._now

    def _at(self, moment: datetime, event: Event) -> None:
        heapq.heappush(self._events, (moment, next(self._order), event))

    def _ask(self, arrived: datetime, failures: int) -> None:
        self.seen.tries[self._second()] += 1
        try:
            self._limits.reserve_push_slot()
        except IdpRateLimited:
            self._try_again(arrived, failures)
        else:
            self.seen.pushes[self._second()] += 1
            self.seen.push_delays.append((self._now - arrived).total_seconds())
            self.seen.opened.append(self._seconds())
            self._push()

    def _try_again(self, arrived: datetime, failures: int) -> None:
        if failures == len(self._pauses):
            self.seen.refused += 1
            return
        pause = timedelta(seconds=self._dice.uniform(0, self._pauses[failures]))
        self._at(self._now + pause, lambda: self._ask(arrived, failures + 1))

    def _push(self) -> None:
        expires_at = self._now + timedelta(seconds=EXPIRY_SECONDS)
        approval = Approval(
            task_id="t", owner="o", caller="c", question=_QUESTION, asked_at=self._now, expires_at=expires_at
        )
        answers_in = timedelta(seconds=self._dice.lognormvariate(0, SIGMA) * MEDIAN_SECONDS)
        answer_at = self._now + (NEVER if self._dice.random() < SILENT else answers_in)
        self._plan(approval, answer_at, None)

    def _plan(self, approval: Approval, answer_at: datetime, polled_at: datetime | None) -> None:
        sent = replace(approval, polled_at=polled_at)
        planned = self._slots.reserve_poll_slot(schedule_next_poll(sent, self._now))
        wakes_at = self._now + timedelta(seconds=wait_for_poll(planned, self._now)["wait_seconds"])
        # A step that starts early sleeps until its moment.
        self._at(max(wakes_at, planned.next_poll_at or wakes_at), lambda: self._poll(planned, answer_at, polled_at))

    def _poll(self, approval: Approval, answer_at: datetime, polled_at: datetime | None) -> None:
        if approval.expires_at is not None and self._now >= approval.expires_at:
            self.seen.closed.append(self._seconds())
            self.seen.silent += 1
            self.seen.unseen += answer_at < approval.expires_at
            return
        self.seen.polls[self._second()] += 1
        if polled_at is not None:
            gap = (self._now - polled_at).total_seconds()
            self.seen.smallest_gap_seconds = min(self.seen.smallest_gap_seconds, gap)
        if self._now < answer_at:
            self._plan(approval, answer_at, self._now)
            return
        self.seen.closed.append(self._seconds())
        self.seen.lags.append((self._now - answer_at).total_seconds())

    def _seconds(self) -> float:
        return (self._now - ASKED_AT).total_seconds()

    def _second(self) -> int:
        return int(self._seconds())
