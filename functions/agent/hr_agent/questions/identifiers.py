"""Finds e-mail addresses and employee ids that are whole words of a text."""

import re
from collections.abc import Callable
from typing import Final
from unicodedata import category

from hr_agent.question_schema import EMAIL, EMPLOYEE_ID

# \w also matches letters of other scripts, so that a look-alike letter beside an address breaks the match.
_EMAIL: Final = re.compile(rf"(?<![\w.%+@|-])(?<!\w'){EMAIL}(?![\w@-])(?!\.\w)")
_EMPLOYEE_ID: Final = re.compile(rf"(?<![\w|]){EMPLOYEE_ID}(?![\w|@%/-])(?!\.\w)")
_AT_SIGN_IN_WORD: Final = re.compile(r"(?<=\S)@")
_INVISIBLE: Final = {"Cc", "Cf", "Mn", "Me"}  # controls, formats and marks: they can hide a part of a word
_STOP: Final = "\u00aa"  # a letter to the patterns above, and never part of an address


def email_addresses(text: str) -> list[str]:
    """Each address once, in the order and spelling of the text; letter case makes no difference."""
    return _unique(_EMAIL.findall(_with_stops(text)))


def employee_ids(text: str) -> list[str]:
    """Each employee id once, in the order of the text."""
    return _unique(_EMPLOYEE_ID.findall(_with_stops(text)))


def has_identifiers(text: str) -> bool:
    """Whether the text has an address or an employee id, readable or not."""
    return bool(email_addresses(text) or employee_ids(text)) or has_unreadable_address(text)


def has_unreadable_address(text: str) -> bool:
    """Whether the text has an at sign that belongs to no readable address: then the person it means is not known."""
    return bool(_AT_SIGN_IN_WORD.search(_EMAIL.sub(" ", _with_stops(text))))


def replace_subjects(text: str, replacement: str | Callable[[re.Match[str]], str]) -> str:
    """The text with each address and employee id replaced."""
    return _EMPLOYEE_ID.sub(replacement, _EMAIL.sub(replacement, text))


def _with_stops(text: str) -> str:
    """The text with a stop for each invisible character, so that the parts which it splits are not whole words."""
    return "".join(_STOP if category(char) in _INVISIBLE and not char.isspace() else char for char in text)


def _unique(found: list[str]) -> list[str]:
    return list({word.casefold(): word for word in reversed(found)}.values())[::-1]
