"""CPU time of reading a question, by its length, for the texts that took longest: twice the text, twice the time.

PYTHONPATH=layers/shared:functions/agent python -m tests.load.reading_growth
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from typing import Final

from hr_agent.limits import MAX_TEXT_CHARACTERS
from hr_agent.questions.rule_parser import RuleParser
from hr_agent.questions.validation import parse_and_validate
from staff0.skills import SKILLS

from tests.load.bench_rows import Row, write_rows
from tests.support.growth import repeated

LENGTHS: Final = (250, 500, 1_000, MAX_TEXT_CHARACTERS)
TEXTS: Final[dict[str, Callable[[int], str]]] = {
    "works a, blanks, b": lambda length: f"works a{' ' * (length - 8)}b",
    "with email, repeated": repeated("works ", "with email ", ""),
    "does, repeated": repeated("", "does ", ""),
    "a name, repeated": repeated("does ", "John Doe ", "work"),
    "commas, repeated": repeated("works ", ", ", "b"),
}
_REPETITIONS: Final = 15
ROUNDS: Final = 9
GROWTH_BUDGET: Final = 2.5  # linear is 2; quadratic would be 4


def milliseconds(text: str) -> float:
    """The fastest of some runs: other processes only make a run slower."""
    return min(_once(text) for _ in range(_REPETITIONS)) * 1_000


def _once(text: str) -> float:
    began = time.process_time()
    asyncio.run(parse_and_validate(text, RuleParser(SKILLS)))
    return time.process_time() - began


def main() -> int:
    print(f"{'milliseconds for characters':<28}", *(f"{length:>8,}" for length in LENGTHS))
    rows = []
    for name, text in TEXTS.items():
        times = [milliseconds(text(length)) for length in LENGTHS]
        print(f"{name:<28}", *(f"{each:>8.2f}" for each in times))
        rounds = [(milliseconds(text(LENGTHS[-1])), milliseconds(text(LENGTHS[-2]))) for _ in range(ROUNDS)]
        twice, once = zip(*rounds, strict=True)
        rows.append(Row(f"reading twice the text / once: {name}", twice, once, GROWTH_BUDGET))
    write_rows("reading_growth", rows)
    return 0 if all(row.is_within_budget for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
