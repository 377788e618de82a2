"""The text of a push, with a code that caller and employee compare (binding_message, CIBA Core 7.1)."""

import secrets
from collections.abc import Callable
from typing import Final

type NewCode = Callable[[], str]

ALPHABET: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # no characters that look alike
_LENGTH: Final = 6
_PRODUCT: Final = "Staff0"


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))


def binding_message(caller: str, code: str) -> str:
    """At most 64 characters of Auth0's set. `caller` is the registered short name, not a text of the caller."""
    return f"{_PRODUCT}:{caller}:{code}"
