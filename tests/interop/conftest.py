"""Access to the running agent."""

from __future__ import annotations

import pytest

from tests.interop.clients import AgentAccess, agent_access
from tests.support.system import System


@pytest.fixture(scope="module", autouse=True)
def shared_stack(stack_access: None) -> None:
    pass


@pytest.fixture(scope="session")
def agent(system: System, tmp_path_factory: pytest.TempPathFactory) -> AgentAccess:
    return agent_access(system, tmp_path_factory.mktemp("clients"))
