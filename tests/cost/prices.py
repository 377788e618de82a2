"""The dated list prices of tests/cost/prices.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Price:
    dollars: float
    per: int
    checked: date
    source: str

    def of(self, units: float) -> float:
        return units * self.dollars / self.per


@cache
def prices() -> dict[str, Price]:
    """The price of each unit, by the unit's name."""
    return {name: Price(**entry) for name, entry in tomllib.loads(_FILE.read_text()).items()}


def dollars(unit: str, number: float) -> float:
    """The cost of a number of units. What follows a blank in the unit's name does not change its price.

    Raises KeyError for a unit without a price.
    """
    return prices()[unit.partition(" ")[0]].of(number)


def total_dollars(units: Mapping[str, float]) -> float:
    return sum(dollars(unit, number) for unit, number in units.items())


def checked_until() -> date:
    """The day on which the oldest price was checked."""
    return min(price.checked for price in prices().values())
