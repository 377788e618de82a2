"""The words and signs of a text in which `SUBJECT` stands for each address and employee id.

`OTHER_SUBJECT` stands for those that are not meant, `SKILL_WORD` for a word that tells what is asked.

A pattern over the whole text would try each word in several roles, and the time for that grows with the square of the
text's length or faster. Tokens are read once.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

SUBJECT: Final = "\0"
OTHER_SUBJECT: Final = "\1"
SKILL_WORD: Final = "\2"

_TOKEN: Final = re.compile(r"['\u2019]s\b|\w+(?:['\u2019.-](?!s\b)\w+)*|\S")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*")
_SENTENCE_ENDS: Final = frozenset({".", "?", "!", ";", "\u2026", "\u00bf", "\u00a1"})


def is_word(token: str) -> bool:
    """Whether the token has letters only, and signs between them."""
    return _WORD.fullmatch(token) is not None


@dataclass(frozen=True)
class Tokens:
    """`line_starts` are the positions of the first token of each line. A possessive 's is a token of its own."""

    words: list[str]
    line_starts: frozenset[int]

    @classmethod
    def of(cls, text: str) -> Self:
        lines = [_TOKEN.findall(line) for line in text.splitlines()]
        starts, position = set[int](), 0
        for line in lines:
            starts.add(position)
            position += len(line)
        return cls([token for line in lines for token in line], frozenset(starts))

    @property
    def subjects(self) -> list[int]:
        """The positions of the subjects."""
        return [position for position, word in enumerate(self.words) if word == SUBJECT]

    def word(self, position: int) -> str:
        """The token at the position; empty before the first and after the last."""
        return self.words[position] if 0 <= position < len(self.words) else ""

    def starts_sentence(self, position: int) -> bool:
        return position in self.line_starts or self.word(position - 1) in _SENTENCE_ENDS

    def has_line_start(self, start: int, end: int) -> bool:
        """Whether a line begins after `start` and before `end`."""
        return any(position in self.line_starts for position in range(start + 1, end))
