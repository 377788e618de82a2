"""The commands of `python -m local`."""

import argparse
import sys
from collections.abc import Sequence

from local.cli.settings import read_settings
from local.errors import LocalError
from operations.doctor_command import add_options


def main(arguments: Sequence[str]) -> int:
    """Runs a command and returns its exit code; 2 for an error that the user can fix."""
    parser = argparse.ArgumentParser(prog="python -m local", description="Runs the whole system on this machine.")
    parser.add_argument("command", choices=["up", "down", "status", "demo", "start-api", "events", "doctor"])
    add_options(parser)
    options = parser.parse_args(arguments)
    if options.command != "doctor" and (options.employee or options.push):
        parser.error("--employee and --push are options of doctor")
    try:
        return _run(options)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    from local.cli import up  # boto3 is slow to load, and --help does not need it

    command = options.command
    if command == "doctor":
        from local.cli.doctor import doctor

        return doctor(options)
    if command == "down":
        up.down()
        return 0
    settings = read_settings()
    if command == "demo":
        from local.cli.demo import demo

        return demo(settings)
    if command == "start-api":
        from local.cli.start_api import start_api

        return start_api(settings)
    if command == "events":
        from local.cli.sample_events import write_events

        return write_events(settings)
    if command == "up":
        up.up(settings)
    else:
        up.status(settings)
    return 0
