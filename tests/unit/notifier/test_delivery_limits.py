"""What one caller and one server may have under way, and that neither delays another caller's webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError
from notifier.delivery_limits import (
    CALLER_SLOTS,
    HOST_SLOTS,
    LEASE_SECONDS,
    QUICK_TURN_SECONDS,
    SLOW_CALLER_SLOTS,
    SLOW_SLOTS,
    SLOW_TURN_SECONDS,
    DeliveryLimits,
)
from staff0.errors import DeliveryHeldBack, WebhookFailed, WebhookGone
from staff0.tasks import DeliverySlots, Pace, PushConfig, ReceiverStore

from tests.support.sample_webhooks import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.support.clock import FakeClock

QUICK = Pace(has_accepted=True, is_quick=True)
SILENT = WebhookFailed("no response: TimeoutError")


@dataclass
class Deliveries:
    """Deliveries under way, until the stack is closed."""

    limits: DeliveryLimits
    clock: FakeClock
    under_way: ExitStack = field(default_factory=ExitStack)

    def begin(self, config: PushConfig) -> bool:
        """Whether one more delivery may begin."""
        try:
            self.under_way.enter_context(self.limits.permission(config))
        except DeliveryHeldBack:
            return False
        return True

    def begun(self, *configs: PushConfig) -> int:
        return sum(map(self.begin, configs))

    def deliver(self, config: PushConfig, seconds: float = 0.1, error: Exception | None = None) -> None:
        with self.limits.permission(config) as observed, observed:
            self.clock.advance(seconds)
            if error:
                raise error

    def fail(self, config: PushConfig, seconds: float = 5.0, error: Exception = SILENT) -> None:
        with pytest.raises(type(error)):
            self.deliver(config, seconds, error)

    def seconds_until(self, config: PushConfig) -> float:
        with pytest.raises(DeliveryHeldBack) as held, self.limits.permission(config):
            pass
        return held.value.seconds


@pytest.fixture
def deliveries(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> Iterator[Deliveries]:
    slots = DeliverySlots(dynamodb, tasks_table, clock, LEASE_SECONDS)
    limits = DeliveryLimits(slots, ReceiverStore(dynamodb, tasks_table, clock), clock, lambda: clock().timestamp())
    found = Deliveries(limits, clock)
    with found.under_way:
        yield found


def webhook(host: str = "hooks.example", owner: str = "acme") -> PushConfig:
    return replace(CONFIG, url=f"https://{host}/hook", owner=owner)


def test_caller_s_silent_servers_take_few_workers(deliveries: Deliveries) -> None:
    assert deliveries.begun(*(webhook(f"h{number}.example") for number in range(20))) == SLOW_CALLER_SLOTS


def test_silent_servers_of_all_callers_leave_workers_for_the_others(deliveries: Deliveries) -> None:
    new = [webhook(f"h{number}.example", f"caller-{number}") for number in range(20)]
    assert deliveries.begun(*new) == SLOW_SLOTS


def test_caller_s_quick_servers_take_at_most_half_of_the_workers(deliveries: Deliveries) -> None:
    quick = [webhook(f"h{number}.example") for number in range(20)]
    for config in quick:
        deliveries.deliver(config)
    assert deliveries.begun(*quick) == CALLER_SLOTS
    assert deliveries.begin(webhook("other.example", "globex"))


def test_server_of_many_callers_leaves_workers_for_the_others(deliveries: Deliveries) -> None:
    callers = [webhook(owner=f"caller-{number}") for number in range(20)]
    for config in callers:
        deliveries.deliver(config)
    assert deliveries.begun(*callers) == HOST_SLOTS


def test_caller_does_not_keep_the_others_from_a_shared_server(deliveries: Deliveries) -> None:
    mine, theirs = [webhook()] * 20, webhook(owner="globex")
    for config in (webhook(), theirs):
        deliveries.deliver(config)
    assert deliveries.begun(*mine) == CALLER_SLOTS
    assert deliveries.begin(theirs)


def test_quick_servers_of_a_caller_wait_in_one_line(deliveries: Deliveries) -> None:
    """Each look at a delivery that waits takes a worker, so their number must not grow with that of the servers."""
    quick = [webhook(f"h{number}.example") for number in range(CALLER_SLOTS + 3)]
    for config in quick:
        deliveries.deliver(config)
    deliveries.begun(*quick[:CALLER_SLOTS])
    waits = [deliveries.seconds_until(config) for config in quick[CALLER_SLOTS:]]
    assert waits == pytest.approx([QUICK_TURN_SECONDS, 2 * QUICK_TURN_SECONDS, 3 * QUICK_TURN_SECONDS])


def test_new_server_gets_one_request_at_a_time(deliveries: Deliveries) -> None:
    assert deliveries.begun(webhook(), webhook()) == 1
    assert deliveries.begin(webhook(owner="globex"))


def test_caller_s_silent_servers_do_not_stop_its_quick_one(deliveries: Deliveries) -> None:
    quick = webhook("quick.example")
    deliveries.deliver(quick)
    assert deliveries.begun(*(webhook(f"h{number}.example") for number in range(20))) == SLOW_CALLER_SLOTS
    assert deliveries.begun(quick, quick, quick, quick) == CALLER_SLOTS - SLOW_CALLER_SLOTS


def test_slot_is_given_back_however_the_delivery_ends(deliveries: Deliveries) -> None:
    for error in (None, WebhookFailed("the receiver answered 503"), WebhookGone("410"), ValueError("a bug")):
        for number in range(CALLER_SLOTS + 1):
            config = webhook(f"{type(error).__name__.lower()}-{number}.example")
            deliveries.fail(config, 0.1, error) if error else deliveries.deliver(config)


@pytest.mark.parametrize(("seconds", "closed"), [(5.0, 30), (0.1, 2)])
def test_failing_server_is_closed_for_its_caller_alone(deliveries: Deliveries, seconds: float, closed: float) -> None:
    """What one caller does with a shared server must not end the webhooks that another one has there."""
    deliveries.fail(webhook(), seconds)
    assert closed <= deliveries.seconds_until(webhook()) < closed + 1
    deliveries.deliver(webhook(owner="globex"))
    deliveries.clock.advance(closed)
    deliveries.deliver(webhook())


def test_retry_after_holds_back_the_other_deliveries_to_the_server(deliveries: Deliveries) -> None:
    deliveries.deliver(CONFIG)
    deliveries.fail(CONFIG, 0.1, WebhookFailed("429", retry_after_seconds=30))
    other = replace(CONFIG, task_id="another-task", config_id="another", url=f"{CONFIG.url}/other")
    assert 29 < deliveries.seconds_until(other) < 31
    deliveries.clock.advance(31)
    assert deliveries.begin(other)


def test_deliveries_to_a_closed_server_come_back_one_after_the_other(deliveries: Deliveries) -> None:
    """A thousand at once would fill all workers at the moment when the server may be called again."""
    deliveries.fail(webhook())
    waits = [deliveries.seconds_until(webhook()) for _ in range(50)]
    assert waits == pytest.approx([30 + SLOW_TURN_SECONDS * number for number in range(1, 51)])


def test_quick_server_that_falls_silent_is_called_by_one_delivery_at_a_time(deliveries: Deliveries) -> None:
    deliveries.deliver(webhook())
    deliveries.fail(webhook())
    deliveries.clock.advance(31)
    assert deliveries.begun(webhook(), webhook(), webhook()) == 1


def test_server_that_accepts_slowly_is_called_by_one_delivery_at_a_time(deliveries: Deliveries) -> None:
    deliveries.deliver(webhook(), seconds=4.9)
    assert deliveries.begun(webhook(), webhook()) == 1


def test_permission_without_requests_does_not_make_a_server_known(deliveries: Deliveries) -> None:
    """A write that has no update sends nothing."""
    with deliveries.limits.permission(webhook()):
        pass
    assert deliveries.begun(webhook(), webhook()) == 1


@pytest.mark.parametrize(
    "url",
    ["https://HOOKS.example/b", "https://hooks.example:443/hook?of=b", "https://Hooks.Example:443"],
)
def test_server_is_the_same_however_its_url_is_written(deliveries: Deliveries, url: str) -> None:
    deliveries.fail(webhook())
    assert deliveries.seconds_until(replace(CONFIG, owner="acme", url=url)) > 29


def test_outage_after_the_request_does_not_send_it_again(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    monkeypatch.setattr(deliveries.limits.slots, "give_back", fail)
    monkeypatch.setattr(deliveries.limits.receivers, "set_pace", fail)
    deliveries.deliver(webhook())
