"""What the stack costs a month without a request: with client secrets, which is the default, and without Gemini."""

from __future__ import annotations

from typing import Any, Final

from tests.cost.usage import Units, total

_UNITS: Final = {
    "AWS::KMS::Key": "kms_key_month",
    "AWS::SecretsManager::Secret": "secret_month",
    "AWS::CloudWatch::Alarm": "alarm_month",
    "AWS::CloudWatch::Dashboard": "dashboard_month",
}
_ABSENT: Final = {"UsesClientKeys", "HasGeminiKey"}


def of_template(template: dict[str, Any]) -> Units:
    """The units of the resources that AWS bills by the month. An alarm is billed for each metric that it names."""
    present = [each for each in template["Resources"].values() if each.get("Condition") not in _ABSENT]
    return total({_UNITS[each["Type"]]: _count(each)} for each in present if each["Type"] in _UNITS)


def _count(resource: dict[str, Any]) -> int:
    metrics = resource.get("Properties", {}).get("Metrics", [])
    return max(1, sum("MetricStat" in metric for metric in metrics)) if resource["Type"].endswith("Alarm") else 1
