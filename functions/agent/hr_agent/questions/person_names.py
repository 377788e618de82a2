"""Finds the name of a person in a text in which `SUBJECT` stands for each address and employee id.

In doubt no name is read (hr_agent.questions.name_span), and the answer goes by the address alone.
"""

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Final

from staff0.skills import Skills

from hr_agent.questions.identifiers import replace_subjects
from hr_agent.questions.name_span import (
    FULL_NAME,
    NameSpan,
    has_only_known_words,
    is_certain,
    is_certain_in_lower_case,
    is_followed,
    is_unknown,
    may_be_in_name,
)
from hr_agent.questions.name_words import ASKED_ABOUT, LINKS, PARTICLES, TITLES, WORDS_AROUND_NAMES
from hr_agent.questions.tokens import OTHER_SUBJECT, SKILL_WORD, SUBJECT, Tokens, is_word

_MAX_WORDS: Final = 5  # of a name
_SENTENCE_PART: Final = re.compile(r"[^,;.?!()<>\n]+")
_JOINED_BY: Final = re.compile(r"\s(?:and|or|&)\s")
_WORD: Final = re.compile(r"\w+")


def find_name(text: str) -> str | None:
    """The full name beside a subject, else after the question's verb; None in doubt."""
    tokens = Tokens.of(text)
    for position in tokens.subjects:
        span = _before(tokens, _skip_links(tokens, position))
        if is_certain(span) or is_certain_in_lower_case(span):
            return span.name
        if span.is_full and span.has_capitals:
            return None  # the name is in doubt, and the text has no better one
    after_verbs = (span for span in _after_verbs(tokens) if is_certain(span) and is_followed(span))
    found = (span for span in after_verbs if not _is_beside_other_subject(span))
    return next((span.name for span in found), None)


def mark_skill_words(text: str, skills: Skills) -> str:
    """The text with `SKILL_WORD` for each word of a skill's wording that could be read as a name, as "Start Date"."""

    def mark(found: re.Match[str]) -> str:
        return _WORD.sub(lambda word: SKILL_WORD if is_unknown(word[0]) else word[0], found[0])

    return skills.replace_wording(text, mark)


def name_of(subject: str, text: str, skills: Skills) -> str | None:
    """The name beside this address or id in a text with several of them; None in doubt."""

    def mark(found: re.Match[str]) -> str:
        return SUBJECT if found[0].casefold() == subject.casefold() else OTHER_SUBJECT

    marked = mark_skill_words(replace_subjects(text, mark), skills)
    return None if has_two_names(marked) else find_name(marked)


def begins_sentences_only(name: str, text: str) -> bool:
    """Whether the name's first word may be no name: one with which questions begin, at the start of a sentence."""
    first, tokens = name.split(maxsplit=1)[0].casefold(), Tokens.of(text)
    found = [position for position, word in enumerate(tokens.words) if word.casefold() == first]
    return first in WORDS_AROUND_NAMES and bool(found) and all(map(tokens.starts_sentence, found))


def has_only_subject(text: str) -> bool:
    """Whether the text only names a person, by a subject and words that may be their name."""
    tokens = Tokens.of(text)
    if not tokens.subjects:
        return False
    end = _skip_links(tokens, tokens.subjects[0])
    count = _count_back(tokens, end, is_unknown)
    beside = NameSpan(tokens, end - count, end)
    may_be_name = count >= FULL_NAME or not beside.name.islower()
    return has_only_known_words(beside if may_be_name else NameSpan(tokens, 0, 0))


def has_two_names(text: str) -> bool:
    """Whether two full names are joined, as in "John Doe and Jane Roe"."""
    return any(map(_joins_two_names, _SENTENCE_PART.findall(text)))


def _joins_two_names(sentence_part: str) -> bool:
    left, *right = _JOINED_BY.split(sentence_part, maxsplit=1)
    names = [_names(left.split())[-1:], *(_names(each.split())[:1] for each in right)]
    return len(names) > 1 and all(name and len(name[0]) >= FULL_NAME for name in names)


def _names(words: list[str]) -> list[list[str]]:
    """Each sequence of words that may be a name."""
    runs: list[list[str]] = [[]]
    for word in words:
        if may_be_in_name(word) and (runs[-1] or word not in PARTICLES):
            runs[-1].append(word)
        else:
            runs.append([])
    return [run for run in runs if run]


def _skip_links(tokens: Tokens, end: int) -> int:
    """The position after the last token before `end` that is not a link."""
    while end and tokens.words[end - 1].casefold() in LINKS:
        end -= 1
    return end


def _before(tokens: Tokens, end: int) -> NameSpan:
    """The words before `end` that may be a name: capitalized ones, else any."""
    count = _count_back(tokens, end, may_be_in_name) or _count_back(tokens, end, is_unknown)
    return _without_titles(NameSpan(tokens, end - count, end))


def _count_back(tokens: Tokens, end: int, is_included: Callable[[str], bool]) -> int:
    """The number of tokens directly before `end` that are included, up to the length of a name."""
    return sum(1 for _ in takewhile(is_included, reversed(tokens.words[max(0, end - _MAX_WORDS) : end])))


def _after_verbs(tokens: Tokens) -> Iterator[NameSpan]:
    """The capitalized words after each word that introduces the person of the question."""
    end = 0
    for position in range(len(tokens.words)):
        if position >= end and _introduces_person(tokens, position):
            following = tokens.words[position + 1 : position + 1 + _MAX_WORDS]
            end = position + 1 + sum(1 for _ in takewhile(may_be_in_name, following))
            span = _without_titles(NameSpan(tokens, position + 1, end))
            if tokens.word(span.start - 1) not in PARTICLES:
                yield span


def _introduces_person(tokens: Tokens, position: int) -> bool:
    word, before = tokens.words[position].casefold(), tokens.word(position - 1)
    if word in {"is", "was", "has"}:  # not in "This is Bob Smith of Acme."
        return not is_word(before) or tokens.starts_sentence(position)
    if word in {"that", "of"}:
        return before.casefold() in ASKED_ABOUT
    return word in {"does", "did", "whether", "if", "confirm", "verify"}


def _without_titles(span: NameSpan) -> NameSpan:
    start = span.start
    while start < span.end and (span.tokens.word(start).casefold() in TITLES or span.tokens.word(start) in PARTICLES):
        start += 1
    return NameSpan(span.tokens, start, span.end)


def _is_beside_other_subject(span: NameSpan) -> bool:
    end = span.end
    while span.tokens.word(end).casefold() in LINKS:
        end += 1
    return span.tokens.word(end) == OTHER_SUBJECT
