"""Lambda and Step Functions as the approval loop relies on them."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

    from tests.integration.emulator.conftest import Emulator


def test_a_named_error_is_retried_by_the_loop_in_the_same_process(emulator: Emulator) -> None:
    machine: SFNClient = emulator.client("stepfunctions")
    arn = machine.start_execution(stateMachineArn=emulator.output("LoopArn"))["executionArn"]
    ended = outcome(machine, arn)
    assert ended["status"] == "SUCCEEDED", ended
    assert json.loads(ended["output"]) == 2, "an exception must not cost the process that raised it"


def test_a_flood_of_calls_waits_instead_of_filling_the_machine(emulator: Emulator) -> None:
    with ThreadPoolExecutor(6) as callers:
        answers = list(callers.map(lambda _: call_slow(emulator), range(6)))
    assert len({answer["pid"] for answer in answers}) == 2  # the fixture's --workers
    assert len(answers) == 6


def test_a_function_does_not_inherit_the_shell(emulator: Emulator) -> None:
    assert not {"PYTHONDONTWRITEBYTECODE", "AWS_CA_BUNDLE", "PYTHONPATH"} & set(call_slow(emulator)["shell"])


def test_items_expire_though_the_emulator_drops_it_from_the_template(emulator: Emulator) -> None:
    found = emulator.client("dynamodb").describe_time_to_live(TableName=emulator.output("TableName"))
    assert found["TimeToLiveDescription"] == {"AttributeName": "ttl", "TimeToLiveStatus": "ENABLED"}


def call_slow(emulator: Emulator) -> dict[str, Any]:
    functions = emulator.client("lambda")
    answer = functions.invoke(FunctionName=emulator.output("SlowName"), Payload=json.dumps({"seconds": 0.2}))
    payload: dict[str, Any] = json.loads(answer["Payload"].read())
    return payload


def outcome(machine: SFNClient, execution_arn: str) -> DescribeExecutionOutputTypeDef:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        execution = machine.describe_execution(executionArn=execution_arn)
        if execution["status"] != "RUNNING":
            return execution
        time.sleep(0.2)
    raise AssertionError("the execution does not end")
