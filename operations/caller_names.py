"""Which client ids, names and purposes an operator may register."""

import re
from collections.abc import Iterable
from typing import Final

from staff0.caller_registry import CALLER_NAME, CALLER_PURPOSE, RegisteredCaller

from operations.errors import OperationsError
from operations.printable import printable

# RFC 6749 A.1 allows a blank too, which is invisible in a list.
_CLIENT_ID: Final = re.compile(r"[!-~]{1,255}")
_SEPARATORS: Final = re.compile(r"[._-]+")
_COMPANY: Final = "staff0"
# Words that an employee would take for the company or its identity provider.
_RESERVED: Final = frozenset({_COMPANY, "auth0", "guardian", "hr"})
# Letters that look like a digit of a reserved word on a phone.
_LOOKALIKES: Final = str.maketrans("o", "0")


def require_valid_client_id(client_id: str) -> None:
    """Raises OperationsError."""
    if not _CLIENT_ID.fullmatch(client_id):
        raise OperationsError("A client id is 1 to 255 visible ASCII characters, without blanks.")


def require_valid_name(name: str) -> None:
    """Raises OperationsError for a name that does not fit on the phone, or that looks like the company's own."""
    if not CALLER_NAME.fullmatch(name):
        raise OperationsError("A name is 1 to 24 letters, digits and . _ -, since phones show it.")
    if _is_reserved(name):
        raise OperationsError(f"The name {name} is reserved: employees would take the caller for Staff0 itself.")


def require_valid_purpose(purpose: str) -> None:
    """Raises OperationsError for a text that does not fit on the phone."""
    if not CALLER_PURPOSE.fullmatch(purpose):
        raise OperationsError("A purpose is 1 to 64 letters, digits, blanks and . , & ( ) / -, since phones show it.")


def _is_reserved(name: str) -> bool:
    """True for a reserved word alone, as one word of several, or spelt with separators or look-alikes."""
    folded = name.lower()
    words = [*_SEPARATORS.split(folded), _SEPARATORS.sub("", folded)]
    look_alikes = {word.translate(_LOOKALIKES) for word in words}
    return _COMPANY in words[-1] or bool(look_alikes & _RESERVED)


def require_unique(client_id: str, name: str, registered: Iterable[RegisteredCaller]) -> None:
    """Raises OperationsError if another client has the name, or if a name is the client id of another.

    Employees recognise a caller by its name, and operators name a caller by either.
    """
    for other in registered:
        if other.client_id == client_id:
            continue
        if other.name.lower() == name.lower():
            raise OperationsError(f"Another client already has the name {name}.")
        if other.client_id.lower() == name.lower() or other.name.lower() == client_id.lower():
            raise OperationsError(
                f"The client id of one caller would be the name of another: {printable(other.client_id)} is registered "
                f"as {printable(other.name)}."
            )
