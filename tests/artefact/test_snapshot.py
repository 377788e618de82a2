"""The snapshot that Lambda takes of the built agent with SnapStart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support.built_functions import deployed, run

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import json
connected = []
sys.addaudithook(lambda event, arguments: connected.append(arguments[1]) if event == "socket.connect" else None)
import hr_agent.app, snapshot_restore_py, staff0.secrets
[(before, _, _)] = snapshot_restore_py.get_before_snapshot()
[(after, _, _)] = snapshot_restore_py.get_after_restore()
before()
after()
print(json.dumps({
    "connected": len(connected),
    "secrets": len(staff0.secrets._cache),
    "sdk_server": "hr_agent.protocol.sdk_server" in sys.modules,
    "clients": sorted(client.meta.service_model.service_name for client in hr_agent.app.aws_clients._made),
}))
"""


def test_snapshot_holds_what_is_slow_to_load_and_nothing_that_was_fetched(build: Path, tmp_path: Path) -> None:
    """What was fetched, such as keys, callers, secrets and metadata, would be as old as the version."""
    assert json.loads(run(deployed(build, "AgentFunction"), PROGRAM, tmp_path)) == {
        "connected": 0,
        "secrets": 0,
        "sdk_server": True,
        "clients": ["dynamodb", "kms", "stepfunctions"],
    }
