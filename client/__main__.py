"""`python -m client "Does John Doe with email jdoe@staff0.com work at Staff0?"`"""

import asyncio
import os
import sys
import time
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from uuid import uuid4

from client.clock import Time
from client.run import World, run
from client.transport import open_http


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that lacks a letter shows a question mark instead of our stack trace.
            stream.reconfigure(errors="replace")
    world = World(
        environment=os.environ,
        folder=Path.cwd(),
        stdin=sys.stdin,
        stdout=sys.stdout,
        stderr=sys.stderr,
        time=Time(lambda: datetime.now(UTC), time.monotonic, asyncio.sleep),
        new_id=lambda: str(uuid4()),
        open_http=open_http,
    )
    return run(sys.argv[1:], world)


if __name__ == "__main__":
    sys.exit(main())
