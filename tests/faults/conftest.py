"""A new system for each run: all share the keys, and each has its own table, because the table holds rate limits."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest

from tests.faults.scenarios import NewSystem, new_systems


@pytest.fixture(scope="module")
def new_system(session: boto3.Session) -> Iterator[NewSystem]:
    with new_systems(session) as new_system:
        yield new_system
