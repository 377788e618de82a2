"""A secret text."""

from __future__ import annotations

from typing import override


class SecretStr:
    """Hides its text from `str` and `repr`, so that no log line or error message shows it by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        return self._text

    def __len__(self) -> int:
        return len(self._text)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretStr) and self._text == other._text

    @override
    def __hash__(self) -> int:
        return hash(self._text)

    @override
    def __str__(self) -> str:
        return "**********" if self._text else ""

    @override
    def __repr__(self) -> str:
        return f"SecretStr('{self}')"
