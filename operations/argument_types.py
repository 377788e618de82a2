"""Types of command-line arguments. Each raises ArgumentTypeError, with which argparse ends with exit code 2."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Final

DEFAULT: Final = "default"
_MAX_QUOTA: Final = 1_000_000_000
_MAX_CHARACTERS: Final = 500


def filled(text: str) -> str:
    """A text that is not empty: an empty filter, often an unset variable of a shell, would select everything."""
    if not text.strip():
        raise ArgumentTypeError("must not be empty")
    if len(text) > _MAX_CHARACTERS:
        raise ArgumentTypeError(f"must not be longer than {_MAX_CHARACTERS} characters")
    if not _is_unicode(text):
        raise ArgumentTypeError("must not have bytes that are not text")
    return text


def _is_unicode(text: str) -> bool:
    """False for an argument with bytes of another encoding, which Python keeps as lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a day has the form 2026-01-31") from None


def quota(text: str) -> int | str:
    """A positive number, or DEFAULT for the quota of the stack."""
    if text == DEFAULT:
        return DEFAULT
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= _MAX_QUOTA:
        raise ArgumentTypeError(f"must be a number from 1 to {_MAX_QUOTA}, or {DEFAULT}")
    return number
