"""Check the identity provider, employees, Gemini and the stack; each failed check says what to click or run.

A caller's token is checked if A2A_CLIENT_AUTH0_CLIENT_ID and A2A_CLIENT_AUTH0_CLIENT_SECRET are in the environment.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from operations.argument_types import filled

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from operations.deployed_stack import Stack


def add_parser(parsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    parser: ArgumentParser = parsers.add_parser("doctor", help="check that everything is set up", description=__doc__)
    add_options(parser)
    parser.set_defaults(run=_run)


def add_options(parser: ArgumentParser) -> None:
    """The options of the doctor, also for the one of this machine."""
    parser.add_argument(
        "--employee", action="append", default=[], type=filled, metavar="ADDRESS", help="check one employee; repeatable"
    )
    parser.add_argument("--push", type=filled, metavar="ADDRESS", help="ring this employee's phone once")


def _run(stack: Stack, arguments: Namespace) -> int:
    from operations.doctor.deployed_subject import subject_of
    from operations.doctor.examination import SETTINGS, Examination, report
    from operations.doctor.findings import Finding, Status

    subject = subject_of(stack)
    print(Finding(*SETTINGS, Status.OK, f"those of the stack {stack.name}").line())
    return report(Examination(subject, arguments.push or "", tuple(arguments.employee)).findings())
