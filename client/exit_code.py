"""Exit codes of `python -m client`."""

from enum import IntEnum

from client.errors import BadStatement, MissingStatement
from client.statement import StatementCheck
from client.task_view import State, TaskView

# The only reason of a FAILED task that is not an error: no approval in time, or no such employee.
NOT_CONFIRMED_REASON = "not_confirmed"


class ExitCode(IntEnum):
    CONFIRMED = 0
    NOT_CONFIRMED = 1
    ERROR = 2
    INTERRUPTED = 130  # 128 + SIGINT, by the convention of shells


def exit_code_of(view: TaskView, statement: StatementCheck = None) -> ExitCode:
    """CONFIRMED only if the agent says so and no other part of its answer says otherwise.

    An invalid statement is an ERROR. Without the statement that the card declares, the answer is NOT_CONFIRMED.
    """
    if isinstance(statement, BadStatement):
        return ExitCode.ERROR
    if isinstance(statement, MissingStatement):
        return ExitCode.NOT_CONFIRMED
    if view.state is State.COMPLETED and _is_confirmed(view):
        return ExitCode.CONFIRMED
    if view.state is State.FAILED and view.reason != NOT_CONFIRMED_REASON:
        return ExitCode.ERROR
    return ExitCode.NOT_CONFIRMED


def _is_confirmed(view: TaskView) -> bool:
    return bool(view.confirmed and view.employee_active) and view.name_matches is not False
