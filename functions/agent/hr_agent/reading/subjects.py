"""Addresses and employee ids that stand in a text as whole words."""

import re
from typing import Final

# \w also knows letters of other scripts, so that a look-alike letter beside an address breaks the match.
_EMAIL: Final = re.compile(
    r"(?<![\w.%+@|-])(?<!\w')[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}"
    r"(?![\w@-])(?!\.\w)"
)
_EMPLOYEE_ID: Final = re.compile(r"(?<![\w|])auth0\|[A-Za-z0-9]{1,64}(?![\w|@-])(?!\.\w)")


def addresses(text: str) -> list[str]:
    """Each address once, in the order and spelling of the text; letter case makes no difference."""
    return _once(_EMAIL.findall(text))


def employee_ids(text: str) -> list[str]:
    return _once(_EMPLOYEE_ID.findall(text))


def without_subjects(text: str, instead: str) -> str:
    return _EMPLOYEE_ID.sub(instead, _EMAIL.sub(instead, text))


def _once(found: list[str]) -> list[str]:
    return list({word.casefold(): word for word in reversed(found)}.values())[::-1]
