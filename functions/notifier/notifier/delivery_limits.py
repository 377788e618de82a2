"""Limits on what one caller and one server have under way, so that slow receivers delay no other caller's webhooks.

All deliveries share the ten workers of template.yaml. A caller gets a few of them, and fewer with servers that did not
answer quickly the last time. docs/adr/0009-webhooks.md says why.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from staff0.clock import Clock, utc_now
from staff0.errors import DeliveryHeldBack, WebhookFailed, WebhookGone, WebhookRefused
from staff0.observability import logger
from staff0.tasks import DeliverySlots, Group, Pace, PushConfig, ReceiverStore
from staff0.webhooks import ANY_PORT, parse_webhook_url

from notifier.circuit_breaker import after_delivery, closed_seconds
from notifier.http.deadline import Monotonic

CALLER_SLOTS: Final = 4  # the other workers are for the other callers, and for looks at what waits
HOST_SLOTS: Final = 5  # one more than a caller has: none can keep the others from a server that they share
# For servers that are slow, silent or new: of one caller's, and of all, so that some workers stay for the others.
SLOW_CALLER_SLOTS: Final = 2
SLOW_SLOTS: Final = 4
LEASE_SECONDS: Final = 35  # longer than the function can run (template.yaml), and some seconds for clocks that differ
# Seconds between the turns of a caller's deliveries that wait: one line for its slow servers, one for its quick ones.
SLOW_TURN_SECONDS: Final = 0.2
QUICK_TURN_SECONDS: Final = 0.05


@dataclass(frozen=True)
class _Receiver:
    """A server as one caller knows it."""

    owner: str
    origin: str
    pace: Pace

    @property
    def of_caller(self) -> Group:
        return ("caller", self.owner)

    @property
    def of_host(self) -> Group:
        return ("host", self.origin)

    @property
    def of_both(self) -> Group:
        return ("caller and host", self.owner, self.origin)

    @property
    def line(self) -> Group:
        """Where its deliveries wait: one line for all quick servers, since each look at what waits takes a worker."""
        return ("quick servers of a caller", self.owner) if self.pace.is_quick else self.of_caller

    @property
    def slots(self) -> list[tuple[Group, Sequence[int]]]:
        """What a delivery needs: a slot of each group. A quick server leaves the slots of slow ones to the last."""
        host = (self.of_host, range(HOST_SLOTS))
        if self.pace.is_quick:
            return [(self.of_caller, range(CALLER_SLOTS)[::-1]), host]
        mine, all_slow = (self.of_caller, range(SLOW_CALLER_SLOTS)), (("slow servers",), range(SLOW_SLOTS))
        return [mine, all_slow, (self.of_both, range(1)), host]


@dataclass(frozen=True)
class DeliveryLimits:
    slots: DeliverySlots
    receivers: ReceiverStore
    clock: Clock = utc_now
    now: Monotonic = time.monotonic

    @contextmanager
    def permission(self, config: PushConfig) -> Iterator[AbstractContextManager[None]]:
        """Permission for one delivery to this webhook.

        Gives a context for its requests, which notes how long they take and how they end. Raises DeliveryHeldBack,
        before anything is sent, if the server is closed or no slot is free; WebhookRefused if the URL is not valid.
        """
        # The transport checks address and port.
        origin = parse_webhook_url(config.url, allow_loopback=True, ports=ANY_PORT).origin
        receiver = _Receiver(config.owner, origin, self.receivers.pace(config.owner, origin))
        if seconds := closed_seconds(receiver.pace, self.clock()):
            raise self._held_back("the receiver did not answer", receiver, seconds)
        with ExitStack() as taken:
            for group, numbers in receiver.slots:
                taken.enter_context(self._slot(group, numbers, receiver))
            yield self._observed(receiver)

    @contextmanager
    def _slot(self, group: Group, numbers: Sequence[int], receiver: _Receiver) -> Iterator[None]:
        slot = self.slots.take(group, numbers)
        if slot is None:
            raise self._held_back(f"no free slot of its {group[0]}", receiver)
        try:
            yield
        finally:
            with _expiring("a slot is not given back"):
                self.slots.give_back(slot)

    @contextmanager
    def _observed(self, receiver: _Receiver) -> Iterator[None]:
        began = self.now()
        try:
            yield
        except (WebhookFailed, WebhookRefused, WebhookGone) as error:
            retry_after = error.retry_after_seconds if isinstance(error, WebhookFailed) else 0
            self._note(receiver, self.now() - began, accepted=False, retry_after_seconds=retry_after)
            raise
        self._note(receiver, self.now() - began, accepted=True)

    def _note(self, receiver: _Receiver, seconds: float, *, accepted: bool, retry_after_seconds: int = 0) -> None:
        now = self.clock()
        pace = after_delivery(
            receiver.pace, accepted=accepted, seconds=seconds, now=now, retry_after_seconds=retry_after_seconds
        )
        if pace != receiver.pace:
            with _expiring("a receiver's pace is not stored"):
                self.receivers.set_pace(receiver.owner, receiver.origin, pace)

    def _held_back(self, reason: str, receiver: _Receiver, closed: float = 0) -> DeliveryHeldBack:
        each = QUICK_TURN_SECONDS if receiver.pace.is_quick else SLOW_TURN_SECONDS
        return DeliveryHeldBack(reason, seconds=closed + self.slots.next_turn_seconds(receiver.line, each))


@contextmanager
def _expiring(message: str) -> Iterator[None]:
    """Logs an outage of DynamoDB: what was sent is sent, and what could not be stored expires or comes again."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        logger.warning(message, extra={"error": type(error).__name__})
