"""Lambda function that runs in the emulator: returns its event and the number of calls in this process, or fails."""

import itertools
import os
import time
from typing import Any

CALLS = itertools.count(1)


class IdpUnavailable(Exception):
    """An error of this project, by which a state machine retries."""


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    call = next(CALLS)
    if "rawPath" in event and event["rawPath"].endswith("/fail"):
        raise IdpUnavailable("an internal detail")
    if event.get("fail_first") and call == 1:
        raise IdpUnavailable("the first call fails")
    time.sleep(event.get("seconds", 0))  # so long that calls at the same time meet each other
    return {"call": call, "pid": os.getpid(), "event": event, "environment": sorted(os.environ)}
