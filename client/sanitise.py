"""What other programs say, made safe to print."""

import unicodedata

MAX_CHARACTERS = 1000
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Controls move the cursor, Cf turns the reading direction, Zl and Zp break lines; the rest has no glyph.
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Two Cf characters that names and words are written with.
JOINERS = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")


def _safe(character: str) -> str:
    unsafe = unicodedata.category(character) in UNSAFE and character not in JOINERS
    return REPLACEMENT if unsafe else character


def printable(text: str) -> str:
    """`text` with what could steer or fool a terminal replaced visibly, so that nobody is fooled by its absence."""
    return "".join(map(_safe, text))


def sanitise(text: str) -> str:
    """One printable line of single-spaced words, shortened to MAX_CHARACTERS."""
    shortened = text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS] + "…"
    return printable(" ".join(shortened.split()))
