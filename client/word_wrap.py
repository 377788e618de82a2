"""Lines that break between words only, so that no code and no URL is broken: rich would break a long word."""

import re

from rich.console import Console
from rich.text import Text


def print_wrapped(console: Console, text: Text) -> None:
    """Prints the text in lines as long as the terminal is wide. A word that is longer has its line for itself.

    A pipe gets the lines as they are.
    """
    lines = text.split("\n", allow_blank=True)
    wrapped = [part for line in lines for part in _wrap(line, console.width)] if console.is_terminal else lines
    console.print(Text("\n").join(wrapped), soft_wrap=True)


def _wrap(line: Text, width: int) -> list[Text]:
    begin, breaks = 0, []
    for word in re.finditer(r"\S+", line.plain):
        if word.end() - begin > width and line.plain[begin : word.start()].strip():
            begin = word.start()
            breaks.append(begin)
    parts = list(line.divide(breaks))
    for part in parts[:-1]:
        part.rstrip()
    return parts
