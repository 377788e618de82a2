import json

import pytest
from staff0.metrics import Metric, measure


def line(printed: str) -> dict[str, object]:
    parsed: dict[str, object] = json.loads(printed)
    return parsed


def test_metric_is_written_in_embedded_metric_format(capsys: pytest.CaptureFixture[str]) -> None:
    measure(Metric.OPEN_SECONDS, 12.5)
    written = line(capsys.readouterr().out)
    assert written["OpenApprovalSeconds"] == [12.5]
    assert "caller" not in written


def test_caller_is_a_dimension(capsys: pytest.CaptureFixture[str]) -> None:
    measure(Metric.APPROVED, caller="acme")
    written = line(capsys.readouterr().out)
    assert (written["ApprovalApproved"], written["caller"]) == ([1.0], "acme")
