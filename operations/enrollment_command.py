"""Let an employee enrol a phone in Auth0 Guardian: prints the link of a ticket, or has Auth0 send it by e-mail.

Needs a token of yours for the Management API, with create:guardian_enrollment_tickets, in AUTH0_MANAGEMENT_TOKEN.
"""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final

from operations.argument_types import filled
from operations.errors import OperationsError

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from operations.deployed_stack import Stack

_TOKEN: Final = "AUTH0_MANAGEMENT_TOKEN"  # noqa: S105 - the name of a variable


def add_parser(parsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    parser: ArgumentParser = parsers.add_parser("enroll", help="let an employee enrol a phone", description=__doc__)
    parser.add_argument("employee", type=filled, help="the employee's address, or id at the identity provider")
    parser.add_argument("--send-mail", action="store_true", help="let Auth0 send the link to the employee")
    parser.set_defaults(run=_run)


def _run(stack: Stack, arguments: Namespace) -> None:
    from operations.doctor.deployed_subject import subject_of
    from operations.doctor.enrollment import Enrollment
    from operations.doctor.findings import Failed

    token = os.environ.get(_TOKEN, "")
    if not token:
        raise OperationsError(f"{_TOKEN} is not set: APIs > Auth0 Management API > Test in Auth0 shows a token.")
    try:
        print(Enrollment(subject_of(stack)).invite(arguments.employee, token, send_mail=arguments.send_mail))
    except Failed as failure:
        raise OperationsError(f"{failure}. {failure.advice}") from None
