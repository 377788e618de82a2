"""What one verification uses of AWS, counted on the deployed stack. To use more than this budget is a decision.

The bill for five polls is in docs/costs.md; tests/load/test_capacity.py has what each further poll uses.
"""

from __future__ import annotations

import pytest

from tests.cost.callers import Ask, poll, verify, webhook
from tests.cost.recording import recorded
from tests.cost.usage import Units
from tests.support.system import System

pytestmark = pytest.mark.alone

_POLLING: Units = {
    "step_functions_transition": 4,
    "dynamodb_write_unit": 194,
    "dynamodb_read_unit": 40,
    "kms_request": 6,
    "kms_ecc_request": 1,
    "lambda_request": 13,
    "xray_trace": 11,
}
_WEBHOOK: Units = {
    **_POLLING,
    "dynamodb_write_unit": 224,
    "dynamodb_read_unit": 80,
    "kms_request": 19,
    "lambda_request": 18,
    "xray_trace": 16,
    "sqs_request": 18,
}


@pytest.fixture(scope="module")
def warm(system: System) -> System:
    """The usual stack with warm functions, which have read secrets, keys and the identity provider's metadata."""
    verify(system, webhook, answer_seconds=0)
    return system


@pytest.mark.parametrize(("ask", "budget"), [(poll, _POLLING), (webhook, _WEBHOOK)])
def test_verification_with_one_poll_keeps_the_budget(warm: System, ask: Ask, budget: Units) -> None:
    """One of five, because a busy machine repeats reads, and deliveries that wait for their turn."""
    above: list[Units] = []
    for _ in range(5):
        with recorded(warm) as used:
            verify(warm, ask, answer_seconds=0)
        above.append({unit: used.units[unit] for unit in budget if used.units[unit] > budget[unit]})
        if not above[-1]:
            return
    pytest.fail(f"above the budget: {above}")
