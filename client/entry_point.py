"""What `python -m client` does with the arguments, the environment and the terminal of the user."""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from io import TextIOWrapper

from rich.console import Console

from client.arguments import parse
from client.debug import configure_logging
from client.local_stack import PROJECT
from client.program import run
from client.runtime_context import RuntimeContext, Time


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code."""
    options = parse(arguments)
    configure_logging(sys.stderr, debug=options.debug)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that cannot encode a letter shows a question mark instead of a stack trace.
            stream.reconfigure(errors="replace")
    context = RuntimeContext(
        folder=PROJECT,
        environment=os.environ,
        out=Console(highlight=False),
        err=Console(stderr=True, highlight=False),
        time=Time(lambda: datetime.now(UTC), time.monotonic, asyncio.sleep),
    )
    return run(options, context)
