"""Makes stored texts and arguments safe to print on a terminal."""

from typing import Final

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """Replaces characters that control the terminal, or have no glyph, by a visible mark."""
    return "".join(character if character.isprintable() else _REPLACEMENT for character in text)
