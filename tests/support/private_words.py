"""Finds names in a text that also holds pseudonyms, in which the letters of a name may stand by chance."""

from __future__ import annotations

import re


def words_of(text: str) -> set[str]:
    """The words of a text in lower case. A pseudonym is one word."""
    return set(re.split(r"[^a-z0-9]+", text.lower()))
