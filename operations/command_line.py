"""Command line of `python -m operations`."""

import argparse
import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from operations import (
    audit_report,
    caller_commands,
    deployed_stack,
    doctor_command,
    enrollment_command,
    redrive_command,
    restore_command,
)
from operations.argument_types import filled
from operations.aws_errors import describe
from operations.errors import OperationsError
from operations.printable import printable

_COMMANDS = (audit_report, caller_commands, doctor_command, enrollment_command, redrive_command, restore_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Exit codes: 0 done, 1 not done (the reason is on stderr), 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(deployed_stack.find(options.stack_name, options.region), options) or 0
    except OperationsError as error:
        return _failed(str(error))
    except (BotoCoreError, ClientError) as error:
        return _failed(describe(error))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the outermost level
        return _failed(f"The command failed unexpectedly ({type(error).__name__}): {error}")


def _failed(text: str) -> int:
    print(f"operations: {printable(text)}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m operations",
        description="Operate a deployed stack with your own AWS credentials.",
        epilog="exit codes: 0 done, 1 not done, 2 wrong usage, 130 interrupted",
    )
    parser.add_argument(
        "--stack-name", type=filled, metavar="NAME", help="the CloudFormation stack (default: the one on this machine)"
    )
    parser.add_argument("--region", type=filled, help="the stack's region (default: the region of your credentials)")
    parsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_parser(parsers)
    return parser
