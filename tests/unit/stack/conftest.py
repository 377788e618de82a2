from __future__ import annotations

import pytest

from tests.support.stack_template import Stack, read_stack


@pytest.fixture(scope="session")
def stack() -> Stack:
    return read_stack()
