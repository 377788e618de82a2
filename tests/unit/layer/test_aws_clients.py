"""Each AWS client waits for seconds, so that an outage of AWS is reported before the function itself times out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from staff0 import aws_clients
from staff0.aws_config import BOTO_CONFIG

PROJECT = Path(__file__).parents[3]


def timeouts(config: Any) -> tuple[float, float, dict[str, Any]]:
    return config.connect_timeout, config.read_timeout, config.retries


@pytest.mark.parametrize(
    "make",
    [
        aws_clients.dynamodb,
        aws_clients.kms,
        aws_clients.secrets_manager,
        aws_clients.sqs,
        aws_clients.step_functions,
    ],
)
def test_client_has_short_timeouts(make: Callable[[], Any]) -> None:
    assert timeouts(make().meta.config) == (2, 4, BOTO_CONFIG.retries)  # type: ignore[attr-defined]


def test_client_is_made_once() -> None:
    assert aws_clients.kms() is aws_clients.kms()


def test_clients_are_made_here_only() -> None:
    """A client made elsewhere would have botocore's timeouts of a minute."""
    sources = [path for folder in ("layers", "functions") for path in (PROJECT / folder).rglob("*.py")]
    makers = [path.name for path in sources if "botocore.session" in path.read_text()]
    assert makers == ["aws_clients.py"]
