"""JSON report of `--json`: one object, always with the same keys."""

import json
from collections.abc import Sequence

from client.display import ShownView
from client.errors import ClientError
from client.statement import Statement, StatementCheck
from client.task_view import TaskView


def report(
    view: TaskView | None,
    history: Sequence[ShownView],
    elapsed_seconds: float,
    error: ClientError | None = None,
    statement: StatementCheck = None,
) -> str:
    """The report as JSON text. `view` is the last one, if any; `error` is the one that ended the program.

    `answer` is the agent's sentence, or the text of the last status. `reason` is the agent's, `timeout`, or the code
    of the error. `facts` are those that the employee disclosed, `details` the values of those that are more than yes or
    no. `attestation` is the statement as a JWT. Absent values are null; times are RFC 3339, UTC.
    """
    codes = (shown.view.code for shown in reversed(history))
    facts = {
        "state": view and view.state,
        "reason": error.code if error else view and view.reason,
        "answer": view and (view.answer or view.text),
        "confirmed": view and view.confirmed,
        "employee_active": view and view.employee_active,
        "name_matches": view and view.name_matches,
        "checked_at": view and view.checked_at,
        "facts": view and list(view.facts),
        "details": view and dict(view.details),
        "attestation": view and view.attestation,
        "attestation_verified": isinstance(statement, Statement) if statement else None,
        "task_id": view and view.task_id,
        "context_id": view and view.context_id,
        "code": next(filter(None, codes), None),
        "elapsed_seconds": round(elapsed_seconds, 1),
        "states": [_state(shown) for shown in history],
        "error": str(error) if error else None,
    }
    return json.dumps(facts, indent=2)


def _state(shown: ShownView) -> dict[str, object]:
    return {
        "state": shown.view.state,
        "at": shown.at.isoformat(),
        "elapsed_seconds": round(shown.elapsed_seconds, 1),
    }
