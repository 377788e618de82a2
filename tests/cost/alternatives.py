"""What a design costs that keeps a worker while the employee decides: tests/load/peers measures two of them."""

from __future__ import annotations

from typing import Final

from tests.cost.prices import total_dollars
from tests.cost.usage import Units

_HOURS: Final = 730  # a month
_CONTAINER: Final[Units] = {"fargate_vcpu_hour": 0.25 * _HOURS, "fargate_gb_hour": 0.5 * _HOURS}
_BLOCKED_SECONDS, _BLOCKED_GB = 60, 0.5

# Names of the rows in docs/costs.md. A load balancer has an address in each of two zones.
BEHIND_BALANCER: Final = "a process on Fargate (0.25 vCPU, 0.5 GB) with a load balancer"
WITHOUT_BALANCER: Final = "the same without load balancer"
BLOCKED_LAMBDA: Final = "a Lambda function that blocks for 60 s with 512 MB"

MONTHLY: Final[dict[str, Units]] = {
    BEHIND_BALANCER: {**_CONTAINER, "load_balancer_hour": _HOURS, "public_ipv4_hour": 3 * _HOURS},
    WITHOUT_BALANCER: {**_CONTAINER, "public_ipv4_hour": _HOURS},
    BLOCKED_LAMBDA: {},
}
EACH: Final[dict[str, Units]] = {
    BEHIND_BALANCER: {},
    WITHOUT_BALANCER: {},
    BLOCKED_LAMBDA: {"lambda_request": 1, "lambda_gb_second": _BLOCKED_SECONDS * _BLOCKED_GB},
}


def dollars_for_thousand(design: str, thousands_a_month: float) -> float:
    """Dollars for 1,000 verifications, where so many thousands are asked for in a month."""
    return total_dollars(MONTHLY[design]) / thousands_a_month + 1_000 * total_dollars(EACH[design])
