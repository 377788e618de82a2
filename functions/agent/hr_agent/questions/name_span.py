"""Decides whether words of a text are the whole name of a person, and nothing but the name.

A wrong name makes the answer a wrong "no". So the first and the last word have to be certain.
"""

from dataclasses import dataclass
from typing import Final

from hr_agent.questions.name_words import (
    DOUBTFUL_FIRST_WORDS,
    FOLLOWERS,
    INTRODUCTIONS,
    JOINING_WORDS,
    PARTICLES,
    SUFFIXES,
    TITLES,
    WORDS_AROUND_NAMES,
)
from hr_agent.questions.tokens import Tokens, is_word

FULL_NAME: Final = 2  # words; part of a name matches no record
_SHORTEST_BEFORE_FULL_STOP: Final = 3  # letters; a shorter word may be an abbreviation, as in "John St. Clair"
_NEVER_IN_NAME: Final = WORDS_AROUND_NAMES - DOUBTFUL_FIRST_WORDS
_KNOWN_WORDS: Final = WORDS_AROUND_NAMES | TITLES


@dataclass(frozen=True)
class NameSpan:
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
            self.count >= FULL_NAME
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


def is_certain(span: NameSpan) -> bool:
    """Whether these capitalized words are a whole name, and nothing but the name."""
    return span.is_full and all(map(may_be_in_name, span.words)) and _is_begun(span)


def is_certain_in_lower_case(span: NameSpan) -> bool:
    """Only two words, with particles, directly after an introduction: nothing else tells a name from other words."""
    words = [word for word in span.words if word not in PARTICLES]
    is_introduced = span.tokens.word(span.start - 1).casefold() in INTRODUCTIONS
    is_lower_case = any(map(str.islower, words)) and not (span.has_capitals and span.is_broken)
    return span.count == FULL_NAME and span.is_full and is_introduced and is_lower_case and _has_case(words)


def is_followed(span: NameSpan) -> bool:
    """Whether the name ends with the span's last word, and not in a possessive ("Acme Bank's client")."""
    following = span.tokens.word(span.end).casefold()
    if following == ".":
        return len(span.words[-1]) >= _SHORTEST_BEFORE_FULL_STOP
    return following in FOLLOWERS


def has_only_known_words(span: NameSpan) -> bool:
    """Whether all words around the span are known."""
    words = span.tokens.words[: span.start] + span.tokens.words[span.end :]
    return all(word.casefold() in _KNOWN_WORDS for word in words if is_word(word))


def may_be_in_name(word: str) -> bool:
    """Whether the word is a particle or has a capital."""
    return word in PARTICLES or (_has_capital(word) and is_unknown(word))


def is_unknown(word: str) -> bool:
    return is_word(word) and word.casefold() not in _NEVER_IN_NAME


def _has_capital(word: str) -> bool:
    """Also inside, as in "al-Rashid" and "d'Angelo"."""
    return any(map(str.isupper, word))


def _has_case(words: list[str]) -> bool:
    """Whether the script has capitals. In others a name cannot be told from its neighbours."""
    return all(word.title()[0].isupper() for word in words)


def _is_begun(span: NameSpan) -> bool:
    """Whether the name begins with the span's first word, and no word before is a part of it."""
    tokens, start = span.tokens, span.start
    before, is_doubtful = tokens.word(start - 1), span.words[0].casefold() in DOUBTFUL_FIRST_WORDS
    if is_doubtful and span.count > FULL_NAME:
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


def _begins_sentence(span: NameSpan) -> bool:
    """Any first word has a capital. It is a name's in two words with nothing unknown around: "John Doe <address>"."""
    words = span.words
    is_abbreviation = words[0].isupper() and not words[1].isupper()  # "FYI John"
    is_participle = words[0].casefold().endswith("ing")  # "Asking John"
    return len(words) == FULL_NAME and not is_abbreviation and not is_participle and has_only_known_words(span)


def _is_joined(tokens: Tokens, start: int) -> bool:
    """Whether another name ends before the token before `start`: they may be one name ("Maria e Souza") or two."""
    between, earlier = tokens.word(start - 1), tokens.word(start - 2)
    joins = not is_word(between) or between in JOINING_WORDS or between.casefold() not in WORDS_AROUND_NAMES
    return joins and is_word(earlier) and may_be_in_name(earlier) and start - 1 not in tokens.line_starts
