"""Why a log-in does not succeed. Each has the HTTP status and the sentence of its page.

LogInError
├── StaleLogIn           400  the answer belongs to no log-in that this browser has begun, or comes again
├── LogInRefused         403  the identity provider did not log the user in
├── NotAnEmployee        403  a user of another connection, or no person
└── InvalidIdentity      502  the identity provider's tokens are not those that were asked for
"""

from http import HTTPStatus
from typing import ClassVar


class LogInError(Exception):
    """The message is for the log, and has no word of the request or of a token."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    sentence: ClassVar[str]


class StaleLogIn(LogInError):
    sentence = "This log-in has expired, or was begun in another window. Please log in again."


class LogInRefused(LogInError):
    status = HTTPStatus.FORBIDDEN
    sentence = "The identity provider did not log you in."


class NotAnEmployee(LogInError):
    status = HTTPStatus.FORBIDDEN
    sentence = "You are logged in, but not with an employee's account. Log in with the account that you use at work."


class InvalidIdentity(LogInError):
    status = HTTPStatus.BAD_GATEWAY
    sentence = "The answer of the identity provider cannot be used. Please log in again."
