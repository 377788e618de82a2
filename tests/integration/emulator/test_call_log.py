"""The emulator records what AWS would bill for the calls of functions, while its file of calls exists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.integration.emulator.emulator_process import Emulator
    from tests.integration.emulator.limited_role import Limited

KILOBYTE = 1_000  # 24 bytes less than DynamoDB's, which leaves room for the names


@pytest.fixture
def calls_file(empty_emulator: Emulator) -> Iterator[Path]:
    file = empty_emulator.api_ids_file.with_name("calls.jsonl")
    file.write_text("")
    yield file
    file.unlink(missing_ok=True)


def recorded(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def put(limited: Limited, key: str, size: int) -> None:
    limited.dynamodb.put_item(TableName="limited", Item={"pk": {"S": key}, "x": {"S": "x" * size}})


def test_writes_have_a_unit_for_each_kilobyte_and_two_in_a_transaction(limited: Limited, calls_file: Path) -> None:
    put(limited, "TASK#small", KILOBYTE)
    put(limited, "TASK#large", 3 * KILOBYTE)
    limited.transact("TASK#3", "LIST#3")
    dynamodb = {"service": "dynamodb"}
    assert recorded(calls_file) == [
        dynamodb | {"operation": "PutItem", "write_units": 1},
        dynamodb | {"operation": "PutItem", "write_units": 3},
        dynamodb | {"operation": "TransactWriteItems", "write_units": 4},
    ]


def test_reads_have_a_unit_for_four_kilobytes_and_half_of_it_if_they_may_be_late(
    limited: Limited, calls_file: Path
) -> None:
    put(limited, "TASK#read", 5 * KILOBYTE)
    for is_consistent in (True, False):
        limited.dynamodb.get_item(TableName="limited", Key={"pk": {"S": "TASK#read"}}, ConsistentRead=is_consistent)
    limited.dynamodb.get_item(TableName="limited", Key={"pk": {"S": "TASK#absent"}}, ConsistentRead=True)
    limited.query("TASK#read")
    assert [call["read_units"] for call in recorded(calls_file)[1:]] == [2, 1, 1, 1]


def test_failed_condition_is_billed(limited: Limited, calls_file: Path) -> None:
    item = {"pk": {"S": "TASK#small"}}
    with pytest.raises(limited.dynamodb.exceptions.ConditionalCheckFailedException):
        limited.dynamodb.put_item(TableName="limited", Item=item, ConditionExpression="attribute_exists(absent)")
    assert [call["write_units"] for call in recorded(calls_file)] == [1]


def test_call_of_another_service_is_recorded_with_its_algorithm(limited: Limited, calls_file: Path) -> None:
    limited.encrypt({"task_id": "1"})
    assert recorded(calls_file) == [{"service": "kms", "operation": "Encrypt", "algorithm": ""}]


def test_developer_is_not_recorded(empty_emulator: Emulator, limited: Limited, calls_file: Path) -> None:
    empty_emulator.client("dynamodb").get_item(TableName="limited", Key={"pk": {"S": "TASK#1"}})
    assert recorded(calls_file) == []


def test_without_the_file_nothing_is_recorded(limited: Limited, calls_file: Path) -> None:
    calls_file.unlink()
    limited.put("TASK#1")
    assert not calls_file.exists()
