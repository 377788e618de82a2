"""The answer for programs: one JSON object."""

from collections.abc import Sequence
from typing import Any

from client.sighting import Sighting


def report(sighting: Sighting, states: Sequence[dict[str, Any]], elapsed_seconds: float) -> dict[str, Any]:
    """`states` in the order they were seen; `answer` is the agent's sentence, or what it said at the end."""
    return {
        "state": str(sighting.state),
        "reason": sighting.reason,
        "answer": sighting.answer or sighting.text,
        "employee_active": sighting.employee_active,
        "name_matches": sighting.name_matches,
        "checked_at": sighting.checked_at,
        "task_id": sighting.task_id,
        "context_id": sighting.context_id,
        "code": next((state["code"] for state in reversed(states) if state.get("code")), None),
        "elapsed_seconds": round(elapsed_seconds, 1),
        "states": list(states),
    }
