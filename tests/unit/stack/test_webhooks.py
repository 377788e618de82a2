"""Webhooks: the stream, the queues and their retries. A delivery that fails for good raises an alarm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from notifier.circuit_breaker import LONGEST_CLOSED
from notifier.deliver import DELIVERY_SECONDS
from notifier.delivery_limits import CALLER_SLOTS, HOST_SLOTS, LEASE_SECONDS, SLOW_CALLER_SLOTS
from notifier.http.webhook_transport import REQUEST_SECONDS
from notifier.retry_schedule import MAX_ATTEMPTS, MAX_RETRY_AFTER_SECONDS
from staff0.tasks.delivery_slots import LONGEST_TURN_SECONDS

from tests.support.sample_webhooks import stream_record

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

UNDELIVERED = {"Fn::GetAtt": "UndeliveredQueue.Arn"}


def test_stream_has_keys_only(stack: Stack) -> None:
    assert stack.properties("TasksTable")["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}


def matches(value: Any, pattern: Any) -> bool:
    """Whether Lambda's event filter matches; only the rules that the template uses."""
    if isinstance(pattern, dict):
        return all(matches(value.get(name, {}), inner) for name, inner in pattern.items())
    return any(value.startswith(p["prefix"]) if isinstance(p, dict) else value == p for p in pattern)


@pytest.mark.parametrize(
    ("sk", "what", "is_delivered"),
    [
        ("EVENT#00000001", "INSERT", True),
        ("EVENT#00000001", "MODIFY", False),
        ("EVENT#00000001", "REMOVE", False),
        ("PUSH#c1", "INSERT", True),
        ("PUSH#c1", "MODIFY", True),
        ("PUSH#c1", "REMOVE", False),
        ("APPROVAL", "MODIFY", False),
        ("TASK#t1", "INSERT", False),
    ],
)
def test_only_events_and_registrations_start_fan_out(stack: Stack, sk: str, what: str, is_delivered: bool) -> None:
    filters = stack.properties("TasksStream")["FilterCriteria"]["Filters"]
    patterns = [json.loads(each["Pattern"]) for each in filters]
    assert any(matches(stream_record("TASK#t1", sk, what), pattern) for pattern in patterns) is is_delivered


def test_failed_deliveries_are_kept_and_raise_an_alarm(stack: Stack) -> None:
    unprocessed = {"Fn::GetAtt": "UnprocessedRecordsQueue.Arn"}
    assert stack.properties("TasksStream")["DestinationConfig"] == {"OnFailure": {"Destination": unprocessed}}
    assert stack.properties("TasksStream")["StartingPosition"] == "TRIM_HORIZON"
    assert stack.properties("TasksStream")["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    redrive = stack.properties("DeliveriesQueue")["RedrivePolicy"]
    assert redrive == {"deadLetterTargetArn": UNDELIVERED, "maxReceiveCount": MAX_ATTEMPTS}
    assert stack.properties("UndeliveredQueue")["MessageRetentionPeriod"] == 14 * 24 * 3600
    alarm = stack.properties("UndeliveredAlarm")
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": "UndeliveredQueue.QueueName"}}]
    assert alarm["Threshold"] == 0


def test_record_that_ends_the_function_stops_the_stream_for_a_bounded_number_of_attempts(stack: Stack) -> None:
    stream = stack.properties("TasksStream")
    assert stream["BisectBatchOnFunctionError"] is True
    assert 0 < stream["MaximumRetryAttempts"] <= 10


def test_stuck_stream_rings_another_alarm_than_a_dead_receiver(stack: Stack) -> None:
    def queue_of(alarm: str) -> object:
        return stack.properties(alarm)["Dimensions"][0]["Value"]["Fn::GetAtt"]

    assert queue_of("UndeliveredAlarm") == "UndeliveredQueue.QueueName"
    assert queue_of("UnprocessedRecordsAlarm") == "UnprocessedRecordsQueue.QueueName"
    assert stack.properties("StreamAgeAlarm")["MetricName"] == "IteratorAge"


def test_undelivered_queue_accepts_failed_deliveries_only(stack: Stack) -> None:
    name = stack.properties("DeliveriesQueue")["QueueName"]
    allowed = stack.properties("UndeliveredQueue")["RedriveAllowPolicy"]
    assert allowed["redrivePermission"] == "byQueue"
    [source] = allowed["sourceQueueArns"]
    arn, values = source["Fn::Sub"]
    assert arn.endswith(":${Name}")
    assert values == {"Name": name}


def test_no_resource_has_a_name_that_a_long_stack_name_makes_too_long(stack: Stack) -> None:
    """A stack's name has up to 128 characters. Alarms (255), aliases (256) and log groups (512) have room for it."""
    names = {
        f"{resource}.{key}": value
        for resource, described in stack.template["Resources"].items()
        for key, value in described.get("Properties", {}).items()
        if key in {"AlarmName", "AliasName", "LogGroupName"}
        or (key.endswith("Name") and "AWS::StackName" in str(value))
    }
    room = {"AlarmName": 255, "AliasName": 256, "LogGroupName": 512}
    for name, value in names.items():
        written = value["Fn::Sub"].replace("${AWS::StackName}", "s" * 128)
        assert len(written) <= room[name.partition(".")[2]]


def test_queues_are_encrypted(stack: Stack) -> None:
    queues = stack.of("AWS::SQS::Queue")
    assert set(queues) == {"DeliveriesQueue", "UndeliveredQueue", "UnprocessedRecordsQueue"}
    assert all(queue["Properties"]["SqsManagedSseEnabled"] is True for queue in queues.values())


def test_message_is_hidden_while_it_is_delivered(stack: Stack) -> None:
    trigger = stack.properties("Deliveries")
    visibility = stack.properties("DeliveriesQueue")["VisibilityTimeout"]
    assert visibility >= 6 * stack.functions["DeliverFunction"]["Timeout"]
    assert trigger["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert trigger["BatchSize"] == 1


def test_slow_receiver_does_not_outlast_the_function(stack: Stack) -> None:
    timeout = stack.functions["DeliverFunction"]["Timeout"]
    assert timeout >= DELIVERY_SECONDS + REQUEST_SECONDS + 10  # for a cold start and for AWS


def test_slot_is_free_again_when_its_function_has_ended(stack: Stack) -> None:
    """Not earlier, or a caller would have more under way than its share; and soon after, or a crash would cost it."""
    timeout = stack.functions["DeliverFunction"]["Timeout"]
    assert timeout < LEASE_SECONDS <= timeout + 10


def test_one_caller_and_one_server_get_at_most_half_of_the_workers(stack: Stack) -> None:
    workers = stack.properties("Deliveries")["ScalingConfig"]["MaximumConcurrency"]
    assert workers <= 10
    assert SLOW_CALLER_SLOTS < CALLER_SLOTS <= workers / 2
    assert workers / 2 >= HOST_SLOTS


def test_delay_of_a_delivery_is_one_that_sqs_takes() -> None:
    assert LONGEST_TURN_SECONDS + LONGEST_CLOSED.total_seconds() <= 900
    assert MAX_RETRY_AFTER_SECONDS <= 900
