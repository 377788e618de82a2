"""Finds the name of a person in a text in which `SUBJECT` stands for each address and employee id."""

import re
from typing import Final

SUBJECT: Final = "\0"

_WORD: Final = r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*"
# Words of a question that are never part of a name.
# fmt: off
WORDS_AROUND_NAMES: Final = frozenset({
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
_VERBS: Final = r"does|do|did|is|was|whether|if|that|of|for|confirm|verify|named|name is"
_LINKS: Final = r"(?:\s|[,(<:]|\b(?:with|using|whose|under|having|the|his|her|their|work|e-?mail|address|id|is|at)\b)*"
_BESIDE_SUBJECT: Final = re.compile(rf"((?:{_WORD}\s+){{0,4}}{_WORD}){_LINKS}{SUBJECT}", re.IGNORECASE)
_AFTER_VERB: Final = re.compile(rf"\b(?:{_VERBS})\s+((?:{_WORD}\s+){{0,4}}{_WORD})", re.IGNORECASE)
_JOINED: Final = re.compile(r"([^,;.?!()<>\n]+?)\s+(?:and|or|&)\s+([^,;.?!()<>\n]+)")


def find_name(text: str) -> str | None:
    """The name beside a subject, else after the question's verb. Any other name may be the caller's own."""
    beside = [
        name for found in _BESIDE_SUBJECT.findall(text) if (name := _last(_names(found)) or _uncapitalized_name(found))
    ]
    after_verb = [name for found in _AFTER_VERB.findall(text) if (name := _first(_names(found)))]
    return next(iter([*beside, *after_verb]), None)


def has_two_names(text: str) -> bool:
    """Whether two full names are joined, as in "John Doe and Jane Roe"."""
    pairs = [(_last(_names(left)), _first(_names(right))) for left, right in _JOINED.findall(text)]
    return any(" " in left and " " in right for left, right in pairs)


def _first(names: list[str]) -> str:
    return names[0] if names else ""


def _last(names: list[str]) -> str:
    return names[-1] if names else ""


def _uncapitalized_name(text: str) -> str:
    """A name as in "does john doe with email": at least two words, since a single word may be anything."""
    name = _last(_names(text.title()))
    return text[text.title().rindex(name) :][: len(name)] if " " in name else ""


def _names(text: str) -> list[str]:
    """Each sequence of capitalized words, with the particles between them."""
    runs: list[list[str]] = [[]]
    for word in text.split():
        if word in _PARTICLES and runs[-1]:
            runs[-1].append(word)
        elif word.casefold().strip(".") in WORDS_AROUND_NAMES or not word[0].isupper():
            runs.append([])
        else:
            runs[-1].append(word)
    return [" ".join(run) for run in runs if run]
