"""The answer for programs: one JSON object, always with the same keys."""

import json
from collections.abc import Sequence

from client.display import Seen
from client.errors import BadStatement, ClientError
from client.statement import Statement
from client.task_view import TaskView


def report(
    sighting: TaskView | None,
    seen: Sequence[Seen],
    elapsed_seconds: float,
    error: ClientError | None = None,
    attested: Statement | BadStatement | None = None,
) -> str:
    """What `--json` prints. `sighting` is the last one, if any; `error` is what ended the program.

    `answer` is the agent's sentence, or what it said at the end. `reason` is the agent's, `timeout`, or the error's
    code. `attestation` is the statement as it was signed. Absent values are null; times are RFC 3339, UTC.
    """
    codes = (look.sighting.code for look in reversed(seen))
    facts = {
        "state": sighting and sighting.state,
        "reason": error.code if error else sighting and sighting.reason,
        "answer": sighting and (sighting.answer or sighting.text),
        "employee_active": sighting and sighting.employee_active,
        "name_matches": sighting and sighting.name_matches,
        "checked_at": sighting and sighting.checked_at,
        "attestation": sighting and sighting.attestation,
        "attestation_verified": isinstance(attested, Statement) if attested else None,
        "task_id": sighting and sighting.task_id,
        "context_id": sighting and sighting.context_id,
        "code": next(filter(None, codes), None),
        "elapsed_seconds": round(elapsed_seconds, 1),
        "states": [_state(look) for look in seen],
        "error": str(error) if error else None,
    }
    return json.dumps(facts, indent=2)


def _state(look: Seen) -> dict[str, object]:
    return {
        "state": look.sighting.state,
        "at": look.at.isoformat(),
        "elapsed_seconds": round(look.elapsed_seconds, 1),
    }
