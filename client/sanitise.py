"""Makes text of other programs safe to print."""

import unicodedata

MAX_CHARACTERS = 1000
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Cc moves the cursor, Cf turns the reading direction, Zl and Zp break lines; the others have no glyph.
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Cf characters that some scripts need in names and words.
JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")


def _safe(character: str) -> str:
    unsafe = unicodedata.category(character) in UNSAFE and character not in JOINERS
    return REPLACEMENT if unsafe else character


def printable(text: str) -> str:
    """Replaces characters that control a terminal by a visible mark, so that the reader sees that one was there."""
    return "".join(map(_safe, text))


def sanitise(text: str) -> str:
    """One printable line of single-spaced words, shortened to MAX_CHARACTERS."""
    shortened = text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS] + "…"
    return printable(" ".join(shortened.split()))
