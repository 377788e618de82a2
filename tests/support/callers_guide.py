"""The programs that docs/callers.md prints."""

from __future__ import annotations

import re

from local.cli.paths import PROJECT


def program_below(heading: str, language: str = r"\w+") -> str:
    """The first block of code in this language below a heading, which is written with its hashes."""
    section = (PROJECT / "docs/callers.md").read_text().partition(f"\n{heading}\n")[2]
    found = re.search(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]
