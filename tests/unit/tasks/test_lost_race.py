"""A write that lost a race is repeated; a write that DynamoDB could not make is not."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from staff0.tasks.lost_race import race_codes


def _canceled(*codes: str) -> ClientError:
    response: Any = {
        "Error": {"Code": "TransactionCanceledException"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return ClientError(response, "TransactWriteItems")


@pytest.mark.parametrize(
    "codes",
    [
        ("None", "ConditionalCheckFailed"),
        ("TransactionConflict", "None"),
        ("ConditionalCheckFailed", "TransactionConflict"),
    ],
)
def test_conditions_and_conflicts_are_race(codes: tuple[str, ...]) -> None:
    assert race_codes(_canceled(*codes)) == set(codes) - {"None"}


@pytest.mark.parametrize(
    "codes",
    [
        ("None", "ThrottlingError"),
        ("TransactionConflict", "ThrottlingError"),
        ("ConditionalCheckFailed", "ProvisionedThroughputExceeded"),
        ("TransactionConflict", "ItemCollectionSizeLimitExceeded"),
        ("ValidationError",),
        ("SomeNewReason", "TransactionConflict"),
        ("None", "None"),
        (),
    ],
)
def test_other_reason_is_no_race(codes: tuple[str, ...]) -> None:
    assert race_codes(_canceled(*codes)) == set()


def test_conflict_of_single_item_is_race() -> None:
    assert race_codes(ClientError({"Error": {"Code": "TransactionConflictException"}}, "DeleteItem"))
    assert not race_codes(ClientError({"Error": {"Code": "ThrottlingException"}}, "DeleteItem"))
