"""The bill in docs/costs.md is that of the dated prices and of the template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.cost import alternatives, monthly, tables
from tests.cost.prices import dollars, total_dollars
from tests.support.stack_template import PROJECT

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

DOCUMENT: Final = (PROJECT / "docs" / "costs.md").read_text()
CALLERS: Final = ("poll", "wait", "stream", "webhook")
KILOBYTES_PER_GB: Final = 10**6
# Only a cold function reads a secret.
ITEMS: Final = {unit: label for unit, label in tables.LABELS.items() if unit != "secrets_request"}
QUEUE: Final = "requests of Lambda to the queue of deliveries, which it asks all the time"
VOLUMES: Final = (1, 10, 100, 1_000)  # thousands of verifications a month


def cells(label: str) -> list[str]:
    [line] = [line for line in DOCUMENT.splitlines() if line.startswith(f"| {label} |")]
    return [cell.strip() for cell in line.strip("|").split("|")[1:]]


def bill() -> dict[str, float]:
    """The total of each kind of caller."""
    return dict(zip(CALLERS, map(float, cells("total")[1::2]), strict=True))


@pytest.mark.parametrize("unit", ITEMS)
def test_item_costs_its_units_times_the_price(unit: str) -> None:
    row = cells(tables.LABELS[unit])
    for number, price in zip(map(float, row[::2]), map(float, row[1::2]), strict=True):
        units = number / KILOBYTES_PER_GB if unit == "log_gigabyte" else number
        assert price == pytest.approx(1_000 * dollars(unit, units), abs=0.0007)


def test_total_is_the_sum_of_the_items() -> None:
    items = [cells(label) for label in ITEMS.values()]
    for column, total in enumerate(bill().values()):
        assert total == pytest.approx(sum(float(row[2 * column + 1]) for row in items), abs=0.01)


@pytest.mark.parametrize("document", ["README.md", "docs/costs.md"])
def test_fixed_cost_is_that_of_the_template(stack: Stack, document: str) -> None:
    a_month = total_dollars(monthly.of_template(stack.template))
    assert f"${a_month:.2f} a month" in (PROJECT / document).read_text()


def test_the_queue_costs_its_requests_times_the_price() -> None:
    requests, price = cells(QUEUE)
    assert float(price) == pytest.approx(dollars("sqs_request", float(requests.replace(",", ""))), abs=0.005)


def test_cost_by_volume_is_the_bill_with_the_fixed_cost(stack: Stack) -> None:
    labels = ("metrics that a verification with a webhook writes", QUEUE)
    fixed = total_dollars(monthly.of_template(stack.template)) + sum(float(cells(label)[1]) for label in labels)
    each = bill()["webhook"]
    assert cells("this system, webhook") == [f"{fixed / thousands + each:.2f}" for thousands in VOLUMES]


@pytest.mark.parametrize("design", alternatives.EACH)
def test_cost_of_an_alternative_is_that_of_the_prices(design: str) -> None:
    a_month = total_dollars(alternatives.MONTHLY[design])
    label = f"{design}, ${a_month:.2f} a month" if a_month else design
    assert cells(label) == [f"{alternatives.dollars_for_thousand(design, thousands):.2f}" for thousands in VOLUMES]


@pytest.mark.parametrize("document", ["README.md", "docs/costs.md"])
def test_summary_names_the_totals(document: str) -> None:
    text = re.sub(r"\s+", " ", (PROJECT / document).read_text())
    for caller in ("poll", "webhook"):
        assert f"${bill()[caller]:.2f}" in text
