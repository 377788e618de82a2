"""Finds the name of a person in a text in which `SUBJECT` stands for each address and employee id."""

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Final

SUBJECT: Final = "\0"

# Text is split into tokens first. A pattern over the whole text would try each word in several roles, and the time
# for that grows with the square of the text's length or faster.
_TOKEN: Final = re.compile(r"\w+(?:['\u2019.-]\w+)*|\S")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*")
_MAX_WORDS: Final = 5  # of a name and the words around it
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
_PARTICLES: Final = frozenset({"al", "bin", "da", "de", "del", "den", "der", "di", "dos", "la", "ten", "van", "von"})
_VERBS: Final = frozenset({
    "does", "do", "did", "is", "was", "whether", "if", "that", "of", "for", "confirm", "verify", "named",
})
# Words and signs that may stand between a name and its address.
_LINKS: Final = frozenset({
    ",", "(", "<", ":", "with", "using", "whose", "under", "having", "the", "his", "her", "their", "work", "email",
    "e-mail", "address", "id", "is", "at",
})
# fmt: on
_SENTENCE_PART: Final = re.compile(r"[^,;.?!()<>\n]+")
_JOINED_BY: Final = re.compile(r"\s(?:and|or|&)\s")


def find_name(text: str) -> str | None:
    """The name beside a subject, else after the question's verb. Any other name may be the caller's own."""
    tokens = _TOKEN.findall(text)
    for words in _words_before_subjects(tokens):
        if name := _last(_names(words)) or _uncapitalized_name(words):
            return name
    for words in _words_after_verbs(tokens):
        if name := _first(_names(words)):
            return name
    return None


def has_two_names(text: str) -> bool:
    """Whether two full names are joined, as in "John Doe and Jane Roe"."""
    return any(map(_joins_two_names, _SENTENCE_PART.findall(text)))


def _joins_two_names(sentence_part: str) -> bool:
    left, *right = _JOINED_BY.split(sentence_part, maxsplit=1)
    names = [_last(_names(left.split())), *(_first(_names(each.split())) for each in right)]
    return len(names) > 1 and all(" " in name for name in names)


def _words_before_subjects(tokens: list[str]) -> Iterator[list[str]]:
    """For each subject, the words before it and before the links between them."""
    for position, token in enumerate(tokens):
        if token == SUBJECT:
            end = _skip_links(tokens, position)
            before = reversed(tokens[max(0, end - _MAX_WORDS) : end])
            yield list(takewhile(_WORD.fullmatch, before))[::-1]


def _skip_links(tokens: list[str], end: int) -> int:
    """The position after the last token before `end` that is not a link."""
    while end and tokens[end - 1].casefold() in _LINKS:
        end -= 1
    return end


def _words_after_verbs(tokens: list[str]) -> Iterator[list[str]]:
    """The words after each verb. Verbs among the words after another one are skipped."""
    start = 0
    for position, token in enumerate(tokens):
        if position >= start and token.casefold() in _VERBS:
            words = list(takewhile(_WORD.fullmatch, tokens[position + 1 : position + 1 + _MAX_WORDS]))
            start = position + 1 + len(words)
            yield words


def _first(names: list[str]) -> str:
    return names[0] if names else ""


def _last(names: list[str]) -> str:
    return names[-1] if names else ""


def _uncapitalized_name(words: list[str]) -> str:
    """A name as in "does john doe with email": at least two words, since a single word may be anything."""
    name = _last(_names(words, lambda word: word.title()[0].isupper()))
    return name if " " in name else ""


def _names(words: list[str], is_name: Callable[[str], bool] = lambda word: word[0].isupper()) -> list[str]:
    """Each sequence of words that may be a name, with the particles between them."""
    runs: list[list[str]] = [[]]
    for word in words:
        if word in _PARTICLES and runs[-1]:
            runs[-1].append(word)
        elif word.casefold().strip(".") in WORDS_AROUND_NAMES or not is_name(word):
            runs.append([])
        else:
            runs[-1].append(word)
    return [" ".join(run) for run in runs if run]
