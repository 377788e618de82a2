"""Lambda and Step Functions, as the approval workflow needs them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

    from tests.integration.emulator.emulator_process import Emulator


def test_named_error_is_retried_in_the_same_process(emulator: Emulator) -> None:
    machine: SFNClient = emulator.client("stepfunctions")
    arn = machine.start_execution(stateMachineArn=emulator.output("MachineArn"))["executionArn"]
    execution = wait_for_end(machine, arn)
    assert execution["status"] == "SUCCEEDED", execution
    assert json.loads(execution["output"]) == 2, "an exception must not end the process"


def test_concurrent_calls_are_limited(emulator: Emulator) -> None:
    with ThreadPoolExecutor(6) as pool:
        responses = list(pool.map(lambda _: call_slow(emulator), range(6)))
    assert len({response["pid"] for response in responses}) == 2  # the fixture's --workers
    assert len(responses) == 6


def test_function_does_not_inherit_the_shells_variables(emulator: Emulator) -> None:
    assert not {"PYTHONDONTWRITEBYTECODE", "AWS_CA_BUNDLE", "PYTHONPATH"} & set(call_slow(emulator)["environment"])


def call_slow(emulator: Emulator) -> dict[str, Any]:
    functions = emulator.client("lambda")
    response = functions.invoke(FunctionName=emulator.output("SlowName"), Payload=json.dumps({"seconds": 0.2}))
    payload: dict[str, Any] = json.loads(response["Payload"].read())
    return payload


def wait_for_end(machine: SFNClient, execution_arn: str) -> DescribeExecutionOutputTypeDef:
    return wait_until(
        lambda: machine.describe_execution(executionArn=execution_arn),
        lambda execution: execution["status"] != "RUNNING",
    )
