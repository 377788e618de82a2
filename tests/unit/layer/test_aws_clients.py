"""Each AWS client waits for seconds, so that an outage of AWS is reported before the function itself times out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from staff0 import aws_clients, secrets
from staff0.aws_config import BOTO_CONFIG


def timeouts(config: Any) -> tuple[float, float, dict[str, Any]]:
    return config.connect_timeout, config.read_timeout, config.retries


@pytest.mark.parametrize(
    "make", [aws_clients.dynamodb, aws_clients.kms, aws_clients.sqs, aws_clients.step_functions, secrets._provider]
)
def test_client_has_short_timeouts(make: Callable[[], Any]) -> None:
    client = make()
    assert timeouts(getattr(client, "client", client).meta.config) == (2, 4, BOTO_CONFIG.retries)  # type: ignore[attr-defined]


def test_client_is_made_once() -> None:
    assert aws_clients.kms() is aws_clients.kms()
