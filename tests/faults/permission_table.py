"""Each AWS call of each function in the scenarios, and the statement of its role in template.yaml that allows it.

python -m tests.faults.permission_table        (make permissions)

The functions run in this process on moto. Calls that AWS makes with a role are those that its guides name. Ends with
status 1 after a call that no statement allows, or a statement with a part that no call needs.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from typing import Final, NamedTuple

import boto3

from tests.faults.recorded_uses import NOT_IN_SCENARIOS, ROLES, recorded_uses
from tests.faults.scenarios import new_systems
from tests.faults.uses_by_aws import Uses, uses_by_aws
from tests.support.dummy_credentials import DUMMY_CREDENTIALS, REGION
from tests.support.iam_simulation import Use, allows, unneeded
from tests.support.quick_moto import quick_moto
from tests.support.stack_template import Stack, read_stack

_DENIED: Final = "DENIED"


class Row(NamedTuple):
    role: str
    action: str
    resource: str
    conditions: str
    statement: str


def main() -> None:
    os.environ.update(DUMMY_CREDENTIALS)
    logging.disable()
    stack = read_stack()
    with quick_moto(), redirect_stdout(StringIO()), new_systems(boto3.Session(region_name=REGION)) as new_system:
        uses = recorded_uses(new_system, stack)
    found = list(rows(stack, uses))
    unused = list(unused_parts(stack, uses))
    denied, by_aws = sum(row.statement == _DENIED for row in found), sum(map(len, uses_by_aws(stack).values()))
    lines = [
        *_aligned([Row("ROLE OF", "ACTION", "RESOURCE", "CONDITION KEYS", "ALLOWED BY"), *found]),
        *("", "No scenario needs:", *_exceptions(stack)),
        "",
        f"{len(found)} kinds of calls, {by_aws} of them by Lambda and Step Functions themselves, as their guides say.",
        f"{denied} are denied. {len(unused)} parts of statements are unused{':' if unused else '.'}",
        *unused,
    ]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.exit(1 if denied or unused else 0)


def rows(stack: Stack, uses: Uses) -> Iterator[Row]:
    for role in ROLES:
        for use in sorted(uses[role]):
            yield Row(role, use.action, use.resource, _conditions(use), _allowed_by(stack, role, use))


def _conditions(use: Use) -> str:
    return ", ".join(f"{key}={value}" for key, value in use.conditions)


def _allowed_by(stack: Stack, role: str, use: Use) -> str:
    return next((statement["Sid"] for statement in stack.statements(role) if allows(statement, use)), _DENIED)


def unused_parts(stack: Stack, uses: Uses) -> Iterator[str]:
    for role in ROLES:
        for statement in stack.statements(role):
            if statement["Sid"] not in NOT_IN_SCENARIOS:
                yield from (f"{role} {statement['Sid']}: {part}" for part in unneeded(statement, uses[role]))


def _exceptions(stack: Stack) -> Iterator[str]:
    for role in ROLES:
        for statement in stack.statements(role):
            if reason := NOT_IN_SCENARIOS.get(statement["Sid"]):
                yield f"{role} {statement['Sid']}. {reason}"


def _aligned(table: list[Row]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in table]


if __name__ == "__main__":
    main()
