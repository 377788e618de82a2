"""Runs in the emulator: tells what it was called with, how often this process was, or fails as it is told."""

import itertools
import os
import time
from typing import Any

CALLS = itertools.count(1)


class IdpUnavailable(Exception):
    """One of this project's own."""


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    call = next(CALLS)
    if "rawPath" in event and event["rawPath"].endswith("/fail"):
        raise IdpUnavailable("a secret of the inside")
    if event.get("fail_first") and call == 1:
        raise IdpUnavailable("not yet")
    time.sleep(event.get("seconds", 0))
    return {"call": call, "pid": os.getpid(), "event": event, "shell": sorted(os.environ)}
