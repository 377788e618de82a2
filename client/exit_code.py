"""What the program's exit code tells a script."""

from enum import IntEnum

from client.errors import BadStatement
from client.statement import Statement
from client.task_view import State, TaskView

# The one failure that is a finding and not a fault: nobody answered, or there is nobody to ask.
NOT_CONFIRMED_REASON = "not_confirmed"


class ExitCode(IntEnum):
    CONFIRMED = 0
    NOT_CONFIRMED = 1
    ERROR = 2
    INTERRUPTED = 130  # 128 + SIGINT, as shells count


def exit_code_of(sighting: TaskView, attested: Statement | BadStatement | None = None) -> ExitCode:
    """CONFIRMED only if the agent said so in data; a name that does not match undoes it, a false statement all."""
    if isinstance(attested, BadStatement):
        return ExitCode.ERROR
    if sighting.state is State.COMPLETED and sighting.employee_active and sighting.name_matches is not False:
        return ExitCode.CONFIRMED
    if sighting.state is State.FAILED and sighting.reason != NOT_CONFIRMED_REASON:
        return ExitCode.ERROR
    return ExitCode.NOT_CONFIRMED
