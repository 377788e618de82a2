"""The code that caller and employee compare: the only thing on the phone that tells one request from another."""

import secrets
from collections.abc import Callable
from typing import Final

type NewCode = Callable[[], str]

ALPHABET: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that is easily taken for another
_LENGTH: Final = 6
_PRODUCT: Final = "Staff0"


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))


def binding_message(caller: str, code: str) -> str:
    """At most 64 characters of Auth0's set; `caller` is the short name registered for it, no text that it sent."""
    return f"{_PRODUCT}:{caller}:{code}"
