"""Tests of the deployed stack, over HTTP."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module", autouse=True)
def shared_stack(stack_access: None) -> None:
    pass
