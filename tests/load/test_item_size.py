"""The size of an item, by the rules of DynamoDB's documentation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.load.item_size import item_bytes


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "Zoë"}, 4),
        ({"B": b"12345"}, 5),
        ({"SS": ["ab", "Zoë"]}, 6),
        ({"N": "27"}, 3),
        ({"N": "-1234.5"}, 4),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"L": [{"S": "ab"}, {"BOOL": True}]}, 3 + 2 + 1 + 1 + 1),
        ({"M": {"key": {"S": "ab"}}}, 3 + 3 + 2 + 1),
    ],
)
def test_item_counts_its_names_and_values(value: dict[str, Any], size: int) -> None:
    assert item_bytes({"name": value}) == len("name") + size
    assert item_bytes({"name": value, "other": {"S": ""}}) == len("name") + size + len("other")


def test_unknown_type_has_no_size() -> None:
    with pytest.raises(ValueError, match="XYZ"):
        item_bytes({"name": {"XYZ": 1}})
