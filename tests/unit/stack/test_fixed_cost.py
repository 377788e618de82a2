"""The documents name what the stack costs a month without a request, at list prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.support.stack_template import PROJECT

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

CENTS: Final = {
    "AWS::KMS::Key": 100,
    "AWS::SecretsManager::Secret": 40,
    "AWS::CloudWatch::Alarm": 10,
    "AWS::CloudWatch::Dashboard": 300,
}
# With client secrets, which is the default, and without Gemini.
ABSENT: Final = {"UsesClientKeys", "HasGeminiKey"}


@pytest.mark.parametrize("document", ["README.md", "docs/capacity.md"])
def test_fixed_cost_is_that_of_the_template(stack: Stack, document: str) -> None:
    resources = stack.template["Resources"].values()
    cents = sum(CENTS.get(r["Type"], 0) for r in resources if r.get("Condition") not in ABSENT)
    assert f"${cents / 100:.2f} a month" in (PROJECT / document).read_text()
