"""The header Staff0-Wait: GetTask answers when the task has changed (docs/adr/0021-waiting-get-task.md).

Its value is an Item of RFC 9651: a number of seconds, with the version that the caller knows as the parameter `after`.
"""

import re
from dataclasses import dataclass
from typing import Final

from a2a.utils.errors import InvalidParamsError
from starlette.datastructures import Headers

from hr_agent.limits import BLOCKING_WAIT

EXTENSION: Final = "https://staff0/a2a/wait/v1"
HEADER: Final = "Staff0-Wait"
MAX_SECONDS: Final = int(BLOCKING_WAIT.total_seconds())
# The version may be written as 3.0: JSON shows the numbers of a task's metadata so.
PATTERN: Final = r"([0-9]{1,2})(?:; *after=([0-9]{1,9})(?:\.0)?)?"


@dataclass(frozen=True)
class Wait:
    """At most `seconds`, until the task has a version after `after`; None stands for its version at the call."""

    seconds: int
    after: int | None


def requested_wait(headers: Headers) -> Wait | None:
    """The wait that a request asks for; None without the header. Raises InvalidParamsError.

    An invalid value is not ignored: the caller relies on the wait, and would ask again without a pause.
    """
    values = headers.getlist(HEADER)
    if not values:
        return None
    item = re.fullmatch(PATTERN, ", ".join(values).strip(" "))
    if item is None or int(item[1]) > MAX_SECONDS:
        raise InvalidParamsError(
            message=f"The header {HEADER} must be 0 to {MAX_SECONDS} seconds, as in `{MAX_SECONDS}` or "
            f"`{MAX_SECONDS};after=3`."
        )
    return Wait(int(item[1]), int(item[2]) if item[2] else None)
