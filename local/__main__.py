"""`python -m local up|down|status|demo`."""

import argparse
import sys

from local.cli.errors import LocalError
from local.cli.settings import read_settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local", description="The whole system on this machine.")
    parser.add_argument("command", choices=["up", "down", "status", "demo"])
    command = parser.parse_args().command
    try:
        return _run(command)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 2


def _run(command: str) -> int:
    from local.cli import up  # boto3 is slow to load, and a wrong setting is told without it

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
