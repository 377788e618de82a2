"""`python -m client "Does John Doe with email jdoe@staff0.com work at Staff0?"`."""

import asyncio
import logging
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from client.arguments import parse
from client.clock import Time
from client.program import Surroundings, run
from client.verdict import ExitCode


def main() -> int:
    options = parse(sys.argv[1:])
    # What the SDK and httpx log is for --debug only: the outcome is told once, in our own words.
    logging.basicConfig(level=logging.DEBUG if options.debug else logging.CRITICAL, stream=sys.stderr)
    around = Surroundings(
        folder=Path.cwd(),
        environment=os.environ,
        out=Console(highlight=False),
        err=Console(stderr=True, highlight=False),
        time=Time(lambda: datetime.now(UTC), time.monotonic, asyncio.sleep),
    )
    try:
        return run(options, around)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


sys.exit(main())
