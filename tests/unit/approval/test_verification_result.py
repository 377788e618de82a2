"""The verification result: comparison of names."""

from __future__ import annotations

import pytest
from approval.result.verification_result import is_same_name


@pytest.mark.parametrize("given", ["john doe", "Doe, John", "JOHN  DOE", "Jöhn Doe"])
def test_name_matches_in_any_order_case_and_accent(given: str) -> None:
    assert is_same_name(given, "John Doe")


@pytest.mark.parametrize("given", ["John", "John Dot", "John John Doe", "", "..."])
def test_part_of_a_name_does_not_match(given: str) -> None:
    assert not is_same_name(given, "John Doe")
