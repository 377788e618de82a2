"""Finds the name of a person in a text in which `SUBJECT` stands for each address and employee id.

A wrong name makes the answer a wrong "no". So a name is read only where its first and its last word are certain;
in doubt the answer goes by the address alone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from hr_agent.questions.identifiers import replace_subjects
from hr_agent.questions.name_words import (
    ASKED_ABOUT,
    DOUBTFUL_FIRST_WORDS,
    FOLLOWERS,
    INTRODUCTIONS,
    JOINING_WORDS,
    LINKS,
    PARTICLES,
    SUFFIXES,
    TITLES,
    WORDS_AROUND_NAMES,
)
from hr_agent.questions.tokens import OTHER_SUBJECT, SUBJECT, Tokens, is_word

_MAX_WORDS: Final = 5  # of a name
_FULL_NAME: Final = 2  # words; part of a name matches no record
_SHORTEST_BEFORE_FULL_STOP: Final = 3  # letters; a shorter word may be an abbreviation, as in "John St. Clair"
_NEVER_IN_NAME: Final = WORDS_AROUND_NAMES - DOUBTFUL_FIRST_WORDS
_SENTENCE_PART: Final = re.compile(r"[^,;.?!()<>\n]+")
_JOINED_BY: Final = re.compile(r"\s(?:and|or|&)\s")


@dataclass(frozen=True)
class _Span:
    """A possible name: the tokens from `start` up to `end`."""

    tokens: Tokens
    start: int
    end: int

    @property
    def words(self) -> list[str]:
        return self.tokens.words[self.start : self.end]

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def count(self) -> int:
        """The number of words without particles."""
        return sum(word not in PARTICLES for word in self.words)

    @property
    def is_full(self) -> bool:
        """Whether it has a first and a last name, neither of them in short."""
        words = self.words
        return (
            self.count >= _FULL_NAME
            and words[-1] not in PARTICLES
            and not any(len(word) == 1 or word.casefold() in SUFFIXES for word in words)
        )

    @property
    def has_capitals(self) -> bool:
        return any(map(_has_capital, self.words))

    @property
    def is_broken(self) -> bool:
        """Whether a line begins inside."""
        return self.tokens.has_line_start(self.start, self.end)


def find_name(text: str) -> str | None:
    """The full name beside a subject, else after the question's verb; None in doubt."""
    tokens = Tokens.of(text)
    for position in tokens.subjects:
        span = _before(tokens, _skip_links(tokens, position))
        if _is_certain(span) or _is_certain_in_lower_case(span):
            return span.name
        if span.is_full and span.has_capitals:
            return None  # the name is in doubt, and the text has no better one
    after_verbs = (span for span in _after_verbs(tokens) if _is_certain(span) and _is_followed(span))
    found = (span for span in after_verbs if not _is_beside_other_subject(span))
    return next((span.name for span in found), None)


def name_of(subject: str, text: str) -> str | None:
    """The name beside this address or id in a text with several of them; None in doubt."""

    def mark(found: re.Match[str]) -> str:
        return SUBJECT if found[0].casefold() == subject.casefold() else OTHER_SUBJECT

    marked = replace_subjects(text, mark)
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
    count = _count_back(tokens, end, _is_unknown)
    beside = _Span(tokens, end - count, end)
    may_be_name = count >= _FULL_NAME or not beside.name.islower()
    return _has_only_known_words(beside if may_be_name else _Span(tokens, 0, 0))


def has_two_names(text: str) -> bool:
    """Whether two full names are joined, as in "John Doe and Jane Roe"."""
    return any(map(_joins_two_names, _SENTENCE_PART.findall(text)))


def _joins_two_names(sentence_part: str) -> bool:
    left, *right = _JOINED_BY.split(sentence_part, maxsplit=1)
    names = [_names(left.split())[-1:], *(_names(each.split())[:1] for each in right)]
    return len(names) > 1 and all(name and len(name[0]) >= _FULL_NAME for name in names)


def _names(words: list[str]) -> list[list[str]]:
    """Each sequence of words that may be a name."""
    runs: list[list[str]] = [[]]
    for word in words:
        if _may_be_in_name(word) and (runs[-1] or word not in PARTICLES):
            runs[-1].append(word)
        else:
            runs.append([])
    return [run for run in runs if run]


def _skip_links(tokens: Tokens, end: int) -> int:
    """The position after the last token before `end` that is not a link."""
    while end and tokens.words[end - 1].casefold() in LINKS:
        end -= 1
    return end


def _before(tokens: Tokens, end: int) -> _Span:
    """The words before `end` that may be a name: capitalized ones, else any."""
    count = _count_back(tokens, end, _may_be_in_name) or _count_back(tokens, end, _is_unknown)
    return _without_titles(_Span(tokens, end - count, end))


def _count_back(tokens: Tokens, end: int, is_included: Callable[[str], bool]) -> int:
    """The number of tokens directly before `end` that are included, up to the length of a name."""
    return sum(1 for _ in takewhile(is_included, reversed(tokens.words[max(0, end - _MAX_WORDS) : end])))


def _after_verbs(tokens: Tokens) -> Iterator[_Span]:
    """The capitalized words after each word that introduces the person of the question."""
    end = 0
    for position in range(len(tokens.words)):
        if position >= end and _introduces_person(tokens, position):
            following = tokens.words[position + 1 : position + 1 + _MAX_WORDS]
            end = position + 1 + sum(1 for _ in takewhile(_may_be_in_name, following))
            yield _without_titles(_Span(tokens, position + 1, end))


def _introduces_person(tokens: Tokens, position: int) -> bool:
    word, before = tokens.words[position].casefold(), tokens.word(position - 1)
    if word in {"is", "was", "has"}:  # not in "This is Bob Smith of Acme."
        return not is_word(before) or tokens.starts_sentence(position)
    if word in {"that", "of"}:
        return before.casefold() in ASKED_ABOUT
    return word in {"does", "did", "whether", "if", "confirm", "verify"}


def _without_titles(span: _Span) -> _Span:
    start = span.start
    while start < span.end and (span.tokens.word(start).casefold() in TITLES or span.tokens.word(start) in PARTICLES):
        start += 1
    return _Span(span.tokens, start, span.end)


def _has_capital(word: str) -> bool:
    """Also inside, as in "al-Rashid" and "d'Angelo"."""
    return any(map(str.isupper, word))


def _may_be_in_name(word: str) -> bool:
    """Whether the word is a particle or has a capital."""
    return word in PARTICLES or (_has_capital(word) and _is_unknown(word))


def _is_unknown(word: str) -> bool:
    return is_word(word) and word.casefold() not in _NEVER_IN_NAME


def _has_only_known_words(span: _Span) -> bool:
    """Whether all words around the span are known."""
    words = span.tokens.words[: span.start] + span.tokens.words[span.end :]
    return all(word.casefold() in WORDS_AROUND_NAMES | TITLES for word in words if is_word(word))


def _is_certain(span: _Span) -> bool:
    """Whether these capitalized words are a whole name, and nothing but the name."""
    return span.is_full and all(map(_may_be_in_name, span.words)) and _is_begun(span)


def _is_certain_in_lower_case(span: _Span) -> bool:
    """Only two words, with particles, directly after an introduction: nothing else tells a name from other words."""
    words = [word for word in span.words if word not in PARTICLES]
    is_introduced = span.tokens.word(span.start - 1).casefold() in INTRODUCTIONS
    is_lower_case = any(map(str.islower, words)) and not (span.has_capitals and span.is_broken)
    return span.count == _FULL_NAME and span.is_full and is_introduced and is_lower_case and _has_case(words)


def _has_case(words: list[str]) -> bool:
    """Whether the script has capitals. In others a name cannot be told from its neighbours."""
    return all(word.title()[0].isupper() for word in words)


def _is_begun(span: _Span) -> bool:
    """Whether the name begins with the span's first word, and no word before is a part of it."""
    tokens, start = span.tokens, span.start
    before, is_doubtful = tokens.word(start - 1), span.words[0].casefold() in DOUBTFUL_FIRST_WORDS
    if is_doubtful and span.count > _FULL_NAME:
        return False
    if before.casefold() in TITLES or (before == "." and tokens.word(start - 2).casefold() in TITLES):
        return True
    if before.casefold() in INTRODUCTIONS:
        return not _may_be_capitalized_name(tokens, start - 1) and not _is_joined(tokens, start)
    if is_doubtful or span.is_broken:
        return False
    if tokens.starts_sentence(start):
        return _begins_sentence(span)
    is_after_name = before in PARTICLES or (is_word(before) and not before.islower())
    return not is_after_name and not _is_joined(tokens, start)


def _may_be_capitalized_name(tokens: Tokens, position: int) -> bool:
    """Whether a known word has its capital for another reason than that it begins a sentence."""
    starts = tokens.starts_sentence(position) or not is_word(tokens.word(position - 1))
    return _has_capital(tokens.word(position)) and not starts


def _begins_sentence(span: _Span) -> bool:
    """Any first word has a capital. It is a name's in two words with nothing unknown around: "John Doe <address>"."""
    words = span.words
    is_abbreviation = words[0].isupper() and not words[1].isupper()  # "FYI John"
    is_participle = words[0].casefold().endswith("ing")  # "Asking John"
    return len(words) == _FULL_NAME and not is_abbreviation and not is_participle and _has_only_known_words(span)


def _is_joined(tokens: Tokens, start: int) -> bool:
    """Whether another name ends before the token before `start`: they may be one name ("Maria e Souza") or two."""
    between, earlier = tokens.word(start - 1), tokens.word(start - 2)
    joins = not is_word(between) or between in JOINING_WORDS or between.casefold() not in WORDS_AROUND_NAMES
    return joins and is_word(earlier) and _may_be_in_name(earlier) and start - 1 not in tokens.line_starts


def _is_beside_other_subject(span: _Span) -> bool:
    end = span.end
    while span.tokens.word(end).casefold() in LINKS:
        end += 1
    return span.tokens.word(end) == OTHER_SUBJECT


def _is_followed(span: _Span) -> bool:
    """Whether the name ends with the span's last word, and not in a possessive ("Acme Bank's client")."""
    following = span.tokens.word(span.end).casefold()
    if following == ".":
        return len(span.words[-1]) >= _SHORTEST_BEFORE_FULL_STOP
    return following in FOLLOWERS
