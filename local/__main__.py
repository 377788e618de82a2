"""`python -m local up|down|status|demo`."""

import argparse
import sys

from local.cli.settings import read_settings
from local.errors import LocalError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local", description="Runs the whole system on this machine.")
    parser.add_argument("command", choices=["up", "down", "status", "demo"])
    command = parser.parse_args().command
    try:
        return _run(command)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 2


def _run(command: str) -> int:
    from local.cli import up  # boto3 is slow to load, and --help does not need it

    if command == "down":
        up.down()
        return 0
    settings = read_settings()
    if command == "demo":
        from local.cli.demo import demo

        return demo(settings)
    if command == "up":
        up.up(settings)
    else:
        up.status(settings)
    return 0


sys.exit(main())
