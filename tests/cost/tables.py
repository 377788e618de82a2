"""The bill as tables, for a terminal or in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tests.cost.prices import dollars, total_dollars
from tests.cost.usage import Units

_THOUSAND: Final = 1_000
_LAMBDA: Final = "lambda_gb_second"
_FUNCTIONS: Final = ("agent", "request-approval", "poll-approval", "read-employment", "hr-api", "fan-out", "deliver")
LABELS: Final = {
    "step_functions_transition": "Step Functions, transitions",
    "dynamodb_write_unit": "DynamoDB, write units",
    "dynamodb_read_unit": "DynamoDB, read units",
    "kms_request": "KMS, symmetric, HMAC and RSA 2048",
    "kms_ecc_request": "KMS, ECC signatures",
    "lambda_request": "Lambda, requests",
    **{f"{_LAMBDA} {name}": f"Lambda, GB-s of {name}" for name in _FUNCTIONS},
    "http_api_request": "HTTP APIs, requests",
    "sqs_request": "SQS, requests",
    "log_gigabyte": "logs, kB",
    "secrets_request": "Secrets Manager, requests",
}
# Only what the operator has switched on costs it.
OPTIONAL_LABELS: Final = {"xray_trace": "more with Tracing: Active"}
MONTHLY_LABELS: Final = {
    "kms_key_month": "KMS keys",
    "secret_month": "secrets",
    "alarm_month": "alarms, by their metrics",
    "dashboard_month": "dashboard",
    "metric_month": "metrics of our own",
}


@dataclass(frozen=True)
class Row:
    """`cells` holds a quantity for one verification, and dollars for a thousand, of each kind of caller."""

    label: str
    cells: list[tuple[str, str]]


def rows(used: Mapping[str, Units]) -> Iterator[Row]:
    """The items that any caller needs, the total, and optional items. Raises ValueError for a unit without a label."""
    if unknown := {name for units in used.values() for name in units} - set(LABELS) - set(OPTIONAL_LABELS):
        raise ValueError(f"no label for {sorted(unknown)}")
    yield from _items(used, LABELS)
    billed = [{name: number for name, number in units.items() if name in LABELS} for units in used.values()]
    yield Row("total", [("", f"{_THOUSAND * total_dollars(units):.3f}") for units in billed])
    yield from _items(used, OPTIONAL_LABELS)


def _items(used: Mapping[str, Units], labels: Mapping[str, str]) -> Iterator[Row]:
    for name, label in labels.items():
        if any(units.get(name) for units in used.values()):
            yield Row(label, [_cell(name, units.get(name, 0)) for units in used.values()])


def for_terminal(used: Mapping[str, Units]) -> Iterator[str]:
    yield f"{'':<31}" + "".join(f"{name:>16}" for name in used)
    for row in rows(used):
        yield f"{row.label:<31}" + "".join(f"{number:>8}{price:>8}" for number, price in row.cells)


def in_markdown(used: Mapping[str, Units]) -> Iterator[str]:
    yield f"| | {' | '.join(f'{name} | $' for name in used)} |"
    yield f"| --- |{' ---: | ---: |' * len(used)}"
    for row in rows(used):
        yield f"| {row.label} | {' | '.join(f'{number} | {price}' for number, price in row.cells)} |"


def monthly(units: Units) -> Iterator[str]:
    for name, label in MONTHLY_LABELS.items():
        if number := units.get(name):
            yield f"{label:<31}{number:>8,.0f}{dollars(name, number):>8.2f}"
    yield f"{'total':<39}{total_dollars(units):>8.2f}"


def _cell(name: str, number: float) -> tuple[str, str]:
    return _quantity(name, number), f"{_THOUSAND * dollars(name, number):.3f}"


def _quantity(name: str, number: float) -> str:
    if name == "log_gigabyte":
        return f"{number * 10**6:.1f}"
    return f"{number:.2f}" if name.startswith(_LAMBDA) else f"{number:g}"
