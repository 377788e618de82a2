"""Finds phrases that make the project's texts hard to read, for `make lint`.

python lint/plain_english.py            exit 1, naming each place and what to write instead

Checks the comments and strings of Python files and every line of other text files that git tracks. Where a phrase is
right, lint/plain_english_allowed.txt has a line `PATH: TEXT OF THE LINE`; an entry that nothing needs is an error too.
"""

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

PROJECT: Final = Path(__file__).parent.parent
ALLOWED: Final = Path(__file__).with_name("plain_english_allowed.txt")

# Phrase, and what to write instead. `there is no`, `is no longer` and the like are ordinary English.
PHRASES: Final = (
    (r"whoever|whomever", "name the role: the caller, the operator, the reader"),
    (r"(?:no|some|any|every)body(?!@)", "name the role: no employee, a client, any caller"),
    (r"how manieth|manieth", "the number of …"),
    (r"anew", "again"),
    (r"c(?:omes?|ame) out as", "raises …, returns …"),
    (r"(?-i:(?:is|are|was|were) none)(?! of the\b)", "say what it is: invalid, absent, of another type"),
    (
        r"(?<!there )(?:is|are|was|were) no(?= \w)(?! (?:longer|more|less|fewer|greater|later|earlier|other|way)\b)",
        "say what it is: not a …, invalid, absent",
    ),
)
_PATTERNS: Final = [(re.compile(rf"\b(?:{phrase})\b", re.IGNORECASE), advice) for phrase, advice in PHRASES]
_SKIPPED: Final = (".png", ".lock", "package-lock.json", "LICENSE", "requirements.txt")
_IN_PYTHON: Final = {tokenize.COMMENT, tokenize.STRING, tokenize.FSTRING_MIDDLE}


class Finding(NamedTuple):
    """A phrase in a line; `line` counts from 1."""

    path: str
    line: int
    text: str
    phrase: str
    advice: str


def findings(path: str, content: str) -> Iterator[Finding]:
    """Every phrase in a file's prose."""
    for number, text in _prose(path, content):
        for pattern, advice in _PATTERNS:
            if found := pattern.search(text):
                yield Finding(path, number, text.strip(), found.group(), advice)


def _prose(path: str, content: str) -> Iterator[tuple[int, str]]:
    if not path.endswith(".py"):
        yield from enumerate(content.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type in _IN_PYTHON:
            yield from enumerate(token.string.splitlines(), token.start[0])


def _tracked() -> Iterator[str]:
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout  # noqa: S603
    own = {"lint/plain_english.py", "lint/plain_english_allowed.txt", "tests/unit/lint/test_plain_english.py"}
    for path in filter(None, listed.split("\0")):
        if path not in own and not path.endswith(_SKIPPED) and (PROJECT / path).is_file():
            yield path


def main() -> int:
    allowed = {line for line in ALLOWED.read_text().splitlines() if line and not line.startswith("#")}
    unused = set(allowed)
    is_clean = True
    for path in _tracked():
        for finding in findings(path, (PROJECT / path).read_text()):
            entry = f"{path}: {finding.text}"
            unused.discard(entry)
            if entry not in allowed:
                is_clean = False
                sys.stderr.write(f"{path}:{finding.line}: “{finding.phrase}”: {finding.advice}\n")
    for entry in sorted(unused):
        sys.stderr.write(f"{ALLOWED.name}: not needed any more: {entry}\n")
    return 0 if is_clean and not unused else 1


if __name__ == "__main__":
    sys.exit(main())
