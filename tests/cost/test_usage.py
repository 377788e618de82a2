"""Units of calls, functions and executions."""

from __future__ import annotations

import pytest

from tests.cost import usage

REPORT = "REPORT RequestId: 1\tDuration: {0} ms\tBilled Duration: {0} ms\tMemory Size: 512 MB\tMax Memory Used: 0 MB"
METRIC = (
    '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"n","Dimensions":[["caller","service"]],'
    '"Metrics":[{"Name":"ApprovalApproved","Unit":"Count"}]}]},"caller":"acme","service":"poll-approval"}'
)


def test_calls_are_added_by_their_price() -> None:
    calls: list[usage.Json] = [
        {"service": "dynamodb", "operation": "PutItem", "write_units": 3.0},
        {"service": "dynamodb", "operation": "Query", "read_units": 0.5},
        {"service": "dynamodb", "operation": "GetItem", "read_units": 1.0},
        {"service": "kms", "operation": "Sign", "algorithm": "ECDSA_SHA_256"},
        {"service": "kms", "operation": "Sign", "algorithm": "RSASSA_PKCS1_V1_5_SHA_256"},
        {"service": "kms", "operation": "Decrypt", "algorithm": ""},
        {"service": "sqs", "operation": "SendMessage"},
        {"service": "secretsmanager", "operation": "GetSecretValue"},
        {"service": "stepfunctions", "operation": "StartExecution"},  # its transitions are billed, not the call
    ]
    assert usage.of_calls(calls) == {
        "dynamodb_write_unit": 3,
        "dynamodb_read_unit": 1.5,
        "kms_ecc_request": 1,
        "kms_request": 2,
        "sqs_request": 1,
        "secrets_request": 1,
    }


def test_seconds_of_a_function_are_weighted_by_its_memory() -> None:
    units = usage.of_function("poll-approval", ["START", REPORT.format(100), REPORT.format(300)])
    assert units["lambda_request"] == 2
    assert units["lambda_gb_second poll-approval"] == pytest.approx(0.2)
    assert units["http_api_request"] == units["sqs_request"] == units["xray_trace"] == 0


def test_run_behind_an_api_is_a_request_a_trace_and_a_line_of_the_access_log() -> None:
    line = REPORT.format(1)
    agent, poller = (usage.of_function(service, [line, line]) for service in ("agent", "poll-approval"))
    assert agent["http_api_request"] == agent["xray_trace"] == 2
    assert agent["log_gigabyte"] - poller["log_gigabyte"] == pytest.approx(600e-9)


def test_delivery_is_received_and_deleted() -> None:
    assert usage.of_function("deliver", [REPORT.format(5)])["sqs_request"] == 2


def test_each_state_and_each_retry_is_a_transition() -> None:
    types = ["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskFailed", "TaskScheduled", "TaskSucceeded"]
    types += ["TaskStateExited", "ChoiceStateEntered", "ChoiceStateExited", "WaitStateEntered", "WaitStateExited"]
    units = usage.of_execution({"type": each, "someEventDetails": {"name": "State"}} for each in types)
    assert units["step_functions_transition"] == 4
    assert units["xray_trace"] == 1


def test_log_of_an_execution_has_its_failures_without_data() -> None:
    def logged(kind: str, data: str) -> float:
        details = {"error": "TaskConflict", "input": data, "output": data}
        return usage.of_execution([{"type": kind, "taskEventDetails": details}])["log_gigabyte"]

    assert logged("TaskFailed", "") == logged("TaskFailed", "x" * 10_000) > 0
    assert logged("TaskSucceeded", "") == 0


def test_metric_is_known_by_its_dimensions() -> None:
    assert usage.metrics_of([METRIC, METRIC, "START"]) == {"ApprovalApproved caller=acme service=poll-approval"}


def test_units_of_parts_are_added() -> None:
    assert usage.total([{"a": 1, "b": 0}, {"a": 2.5}]) == {"a": 3.5}
