"""The way from a write in the table to a webhook, and what happens to what cannot be delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifier.deliveries import MAX_ATTEMPTS

if TYPE_CHECKING:
    from tests.unit.stack.conftest import Stack

LONGEST_VISIBILITY_SECONDS = 43_200


def test_the_stream_holds_keys_only(stack: Stack) -> None:
    assert stack.properties("TasksTable")["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}


def test_every_event_and_every_webhook_reaches_the_fan_out(stack: Stack) -> None:
    trigger = stack.functions["FanOutFunction"]["Events"]["Written"]["Properties"]
    patterns = [each["Pattern"] for each in trigger["FilterCriteria"]["Filters"]]
    assert [("EVENT#" in pattern, "PUSH#" in pattern) for pattern in patterns] == [(True, False), (False, True)]
    assert trigger["StartingPosition"] == "TRIM_HORIZON"  # nothing written before the trigger was there is lost
    assert trigger["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": "UndeliveredQueue.Arn"}


def test_what_cannot_be_delivered_is_kept_and_seen(stack: Stack) -> None:
    redrive = stack.properties("DeliveriesQueue")["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": "UndeliveredQueue.Arn"}
    assert redrive["maxReceiveCount"] == MAX_ATTEMPTS  # the handler counts the last attempt by it
    kept, waiting = (
        stack.properties(name)["MessageRetentionPeriod"] for name in ("UndeliveredQueue", "DeliveriesQueue")
    )
    assert kept > waiting
    [dimension] = stack.properties("UndeliveredAlarm")["Dimensions"]
    assert dimension["Value"] == {"Fn::GetAtt": "UndeliveredQueue.QueueName"}


def test_a_delivery_is_not_made_twice_at_once(stack: Stack) -> None:
    visible_again = stack.properties("DeliveriesQueue")["VisibilityTimeout"]
    assert 6 * stack.functions["DeliverFunction"]["Timeout"] <= visible_again <= LONGEST_VISIBILITY_SECONDS


def test_one_slow_receiver_holds_up_nobody_else(stack: Stack) -> None:
    trigger = stack.functions["DeliverFunction"]["Events"]["Delivery"]["Properties"]
    assert trigger["BatchSize"] == 1
    assert trigger["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_queues_are_encrypted(stack: Stack) -> None:
    queues = stack.of("AWS::SQS::Queue")
    assert set(queues) == {"DeliveriesQueue", "UndeliveredQueue"}
    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in queues.values())
