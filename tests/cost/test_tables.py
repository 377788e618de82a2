"""The bill as tables: units for one verification, dollars for a thousand."""

from __future__ import annotations

import pytest

from tests.cost import monthly, prices, tables

USED = {
    "poll": {
        "step_functions_transition": 19.0,
        "lambda_gb_second agent": 0.5,
        "log_gigabyte": 30e-6,
        "xray_trace": 14.0,
    },
    "webhook": {"step_functions_transition": 19.0, "kms_ecc_request": 7.0},
}


def test_cost_is_the_units_times_the_price() -> None:
    assert prices.dollars("step_functions_transition", 19) == pytest.approx(0.000475)
    assert prices.dollars("lambda_gb_second agent", 2) == pytest.approx(0.0000333334)
    assert prices.total_dollars({"kms_request": 10_000, "sqs_request": 1_000_000}) == pytest.approx(0.43)


def test_unit_without_a_price_is_an_error() -> None:
    with pytest.raises(KeyError):
        prices.dollars("waf_request", 1)


def test_table_has_what_any_caller_needs_and_the_totals_without_traces() -> None:
    assert list(tables.for_terminal(USED)) == [
        "                                           poll         webhook",
        "Step Functions, transitions          19   0.475      19   0.475",
        "KMS, ECC signatures                   0   0.000       7   0.105",
        "Lambda, GB-s of agent              0.50   0.008    0.00   0.000",
        "logs, kB                           30.0   0.015     0.0   0.000",
        "total                                     0.498           0.580",
        "more with Tracing: Active            14   0.070       0   0.000",
    ]


def test_four_callers_fit_in_a_terminal() -> None:
    assert all(len(line) <= 100 for line in tables.for_terminal(dict.fromkeys("abcd", USED["poll"])))


def test_markdown_has_the_same_cells() -> None:
    lines = list(tables.in_markdown(USED))
    assert lines[0] == "| | poll | $ | webhook | $ |"
    assert lines[3] == "| KMS, ECC signatures | 0 | 0.000 | 7 | 0.105 |"


def test_used_unit_without_a_row_is_an_error() -> None:
    with pytest.raises(ValueError, match="waf_request"):
        list(tables.for_terminal({"poll": {"waf_request": 1}}))


def test_month_counts_resources_and_the_metrics_of_alarms() -> None:
    resources = {
        "Key": {"Type": "AWS::KMS::Key"},
        "OtherKey": {"Type": "AWS::KMS::Key", "Condition": "UsesClientKeys"},
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Errors"}},
        "Sum": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {"Metrics": [{"Expression": "a + b"}, {"MetricStat": {}}, {"MetricStat": {}}]},
        },
        "Table": {"Type": "AWS::DynamoDB::Table"},
    }
    units = monthly.of_template({"Resources": resources})
    assert units == {"kms_key_month": 1, "alarm_month": 3}
    assert list(tables.monthly(units))[-1].split() == ["total", "1.30"]
