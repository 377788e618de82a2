"""Counts what the functions of the running stack use, from the records of the emulator."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from local.cli.paths import CALLS
from tests.cost import usage
from tests.cost.usage import Units
from tests.support.system import System
from tests.support.waiting import wait_until

_LOGS: Final = "/aws/lambda/staff0-local-"
# Time for the functions behind the table's stream and the queue to begin.
_QUIET_SECONDS: Final = 3.0

type Logs = dict[str, list[str]]


@dataclass
class Recording:
    """Filled when the recording ends. `metrics` are those that the functions wrote."""

    units: Units = field(default_factory=dict)
    metrics: set[str] = field(default_factory=set)


@contextmanager
def recorded(system: System) -> Iterator[Recording]:
    """Records all that the stack does meanwhile, to the end of what it began: nothing else may use the stack."""
    stop_executions(system)
    _wait_until_quiet(system)
    started_ms = int(time.time() * 1_000)
    CALLS.write_text("")
    recording = Recording()
    try:
        yield recording
        _wait_until_quiet(system)
        calls = [json.loads(line) for line in CALLS.read_text().splitlines()]
    finally:
        CALLS.unlink()
    logs = _logs(system, started_ms)
    functions = (usage.of_function(service, lines) for service, lines in logs.items())
    executions = (usage.of_execution(history) for history in _histories(system, started_ms))
    recording.units = usage.total([usage.of_calls(calls), *functions, *executions])
    recording.metrics = usage.metrics_of(line for lines in logs.values() for line in lines)


def stop_executions(system: System) -> None:
    """Stops what earlier questions left behind: their polls would be counted too."""
    states, arn = system.aws("stepfunctions"), system.stack["state_machine_arn"]
    for execution in states.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]:
        with suppress(states.exceptions.ExecutionDoesNotExist):
            states.stop_execution(executionArn=execution["executionArn"])


def _wait_until_quiet(system: System) -> None:
    """Waits until no function has written to its log for some seconds."""

    def is_quiet(_: object) -> bool:
        return not any(_logs(system, int((time.time() - _QUIET_SECONDS) * 1_000)).values())

    time.sleep(_QUIET_SECONDS)
    wait_until(lambda: None, is_quiet)


def _logs(system: System, started_ms: int) -> Logs:
    """The lines that each function has logged since then."""
    logs = system.aws("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix=_LOGS)["logGroups"]
    return {group["logGroupName"].removeprefix(_LOGS): _lines(logs, group, started_ms) for group in groups}


def _lines(logs: Any, group: dict[str, Any], started_ms: int) -> list[str]:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"], startTime=started_ms)
    return [event["message"] for page in pages for event in page["events"]]


def _histories(system: System, started_ms: int) -> Iterator[list[dict[str, Any]]]:
    states, arn = system.aws("stepfunctions"), system.stack["state_machine_arn"]
    for execution in states.list_executions(stateMachineArn=arn)["executions"]:
        if execution["startDate"].timestamp() * 1_000 >= started_ms:
            pages = states.get_paginator("get_execution_history").paginate(executionArn=execution["executionArn"])
            yield [event for page in pages for event in page["events"]]
