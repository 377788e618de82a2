"""The running stack, and a folder that the clients' programs may write to."""

from __future__ import annotations

import pytest

from tests.interop.clients import Place, place
from tests.support.system import System


@pytest.fixture(scope="session")
def agent(system: System, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place(system, tmp_path_factory.mktemp("clients"))
