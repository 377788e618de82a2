"""Addresses and employee ids that stand in a text as whole words."""

import re
from typing import Final
from unicodedata import category

# \w also knows letters of other scripts, so that a look-alike letter beside an address breaks the match.
_EMAIL: Final = re.compile(
    r"(?<![\w.%+@|-])(?<!\w')[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}"
    r"(?![\w@-])(?!\.\w)"
)
_EMPLOYEE_ID: Final = re.compile(r"(?<![\w|])auth0\|[A-Za-z0-9]{1,64}(?![\w|@%/-])(?!\.\w)")
_IN_A_WORD: Final = re.compile(r"(?<=\S)@")
_UNSEEN: Final = {"Cc", "Cf", "Mn", "Me"}  # controls, formats and marks: they hide a part of what they stand in
_STOP: Final = "\u00aa"  # a letter to the patterns above, and in no address


def addresses(text: str) -> list[str]:
    """Each address once, in the order and spelling of the text; letter case makes no difference."""
    return _once(_EMAIL.findall(_seen(text)))


def employee_ids(text: str) -> list[str]:
    return _once(_EMPLOYEE_ID.findall(_seen(text)))


def has_unreadable_address(text: str) -> bool:
    """Whether more looks like an address than can be read as one: nobody knows then who is meant."""
    return bool(_IN_A_WORD.search(_EMAIL.sub(" ", _seen(text))))


def without_subjects(text: str, instead: str) -> str:
    return _EMPLOYEE_ID.sub(instead, _EMAIL.sub(instead, text))


def _seen(text: str) -> str:
    """The text with a stop for each character that nobody sees, so that what it splits is no word of its own."""
    return "".join(_STOP if category(mark) in _UNSEEN and not mark.isspace() else mark for mark in text)


def _once(found: list[str]) -> list[str]:
    return list({word.casefold(): word for word in reversed(found)}.values())[::-1]
