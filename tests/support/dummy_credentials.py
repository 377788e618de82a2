"""The environment of every test: an AWS region, and credentials that no real account accepts."""

from __future__ import annotations

from typing import Final

REGION: Final = "us-east-1"
DUMMY_CREDENTIALS: Final = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "POWERTOOLS_SERVICE_NAME": "tests",
    "POWERTOOLS_METRICS_NAMESPACE": "Staff0",
}
