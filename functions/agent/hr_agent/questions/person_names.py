"""Finds the name of the person in a text whose address has been replaced by `SUBJECT`."""

import re
from typing import Final

SUBJECT: Final = "\0"

_WORD: Final = r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*"
# Words that stand around a name in a question and are never part of it.
# fmt: off
AROUND: Final = frozenset({
    "a", "about", "active", "actually", "address", "an", "and", "are", "at", "be", "can", "check", "company",
    "confirm", "correct", "correction", "could", "dear", "did", "do", "does", "dr", "e-mail", "email", "employed",
    "employee", "employees", "employment", "for", "from", "good", "has", "have", "he", "hello", "her", "hey", "hi",
    "his", "hr", "i", "id", "if", "in", "instead", "is", "it", "its", "kindly", "me", "mean", "meant", "mr", "mrs",
    "ms", "my", "name", "named", "now", "of", "on", "oops", "or", "person", "please", "rather", "regards", "right",
    "she", "should", "somebody", "someone", "sorry", "staff", "status", "still", "team", "tell", "thank", "thanks",
    "that", "the", "their", "there", "they", "this", "to", "typo", "us", "verify", "want", "was", "we", "whether",
    "who", "whose", "with", "work", "working", "works", "would", "wrong", "you", "your",
})
# fmt: on
_PARTICLES: Final = frozenset({"al", "bin", "da", "de", "del", "den", "der", "di", "dos", "la", "ten", "van", "von"})
_LEADS: Final = r"does|do|did|is|was|whether|if|that|of|for|confirm|verify|named|name is"
_LINKS: Final = r"(?:\s|[,(<:]|\b(?:with|using|whose|under|having|the|his|her|their|work|e-?mail|address|id|is|at)\b)*"
_BESIDE: Final = re.compile(rf"((?:{_WORD}\s+){{0,4}}{_WORD}){_LINKS}{SUBJECT}", re.IGNORECASE)
_LED: Final = re.compile(rf"\b(?:{_LEADS})\s+((?:{_WORD}\s+){{0,4}}{_WORD})", re.IGNORECASE)
_TWO: Final = re.compile(r"([^,;.?!()<>\n]+?)\s+(?:and|or|&)\s+([^,;.?!()<>\n]+)")


def name_in(text: str) -> str | None:
    """The name beside the address, else after the question's verb. Any other name may be the asker's own."""
    beside = [name for found in _BESIDE.findall(text) if (name := _last(_runs(found)) or _uncapitalised(found))]
    led = [name for found in _LED.findall(text) if (name := _first(_runs(found)))]
    return next(iter([*beside, *led]), None)


def names_two(text: str) -> bool:
    """Whether two full names are joined, as in "John Doe and Jane Roe"."""
    pairs = [(_last(_runs(left)), _first(_runs(right))) for left, right in _TWO.findall(text)]
    return any(" " in left and " " in right for left, right in pairs)


def _first(names: list[str]) -> str:
    return names[0] if names else ""


def _last(names: list[str]) -> str:
    return names[-1] if names else ""


def _uncapitalised(text: str) -> str:
    """As in "does john doe with email": two words at least, for one may be anything."""
    name = _last(_runs(text.title()))
    return text[text.title().rindex(name) :][: len(name)] if " " in name else ""


def _runs(text: str) -> list[str]:
    """Capitalised words in a row, with the particles between them."""
    runs: list[list[str]] = [[]]
    for word in text.split():
        if word in _PARTICLES and runs[-1]:
            runs[-1].append(word)
        elif word.casefold().strip(".") in AROUND or not word[0].isupper():
            runs.append([])
        else:
            runs[-1].append(word)
    return [" ".join(run) for run in runs if run]
