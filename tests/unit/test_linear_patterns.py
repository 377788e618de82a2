"""Every regular expression takes time that grows with the length of the text, and not with its square.

One request may bring a text that a caller has made as slow as possible. Patterns are tested as the code calls them:
a pattern that is linear for `fullmatch` may be quadratic for `search`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from staff0.skills import SKILLS

from tests.support.growth import grows_linearly, repeated

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = [
    ROOT / "functions/agent",
    ROOT / "functions/hr_api",
    ROOT / "functions/ciba_poller",
    ROOT / "functions/notifier",
    ROOT / "functions/employee_page",
    ROOT / "layers/shared",
    ROOT / "client",
]
PATTERN: Final = re.compile(r"^(\w+)(?:: Final)? = re\.compile\(", re.MULTILINE)
METHODS: Final = "search|match|fullmatch|findall|finditer|split|sub"
PIECES: Final = st.sampled_from(
    [
        *[
            " ",
            "\n",
            "a",
            "A",
            "0",
            "-",
            "'",
            ".",
            "_",
            "@",
            "|",
            "=",
            ":",
            "/",
            "\\",
            '"',
            "%",
            "é",
            "\0",
            "?",
            ", ",
            "~",
        ],
        *[
            "a.",
            "a@",
            "-'a",
            "auth0|",
            "with ",
            "does ",
            "and ",
            "please ",
            "who ",
            "all ",
            "every ",
            "employ",
            "verif",
            "how long ",
            "when did ",
            "start",
        ],
        *[
            "works a",
            "cancel ",
            "thank ",
            "never ",
            "bearer ",
            "0x",
            "John Doe ",
            "with email ",
            "(",
            "<",
            "[",
            "\x1b[",
        ],
    ]
)
TEXTS: Final = st.builds(
    repeated,
    st.lists(PIECES, max_size=3).map("".join),
    st.lists(PIECES, min_size=1, max_size=3).map("".join),
    st.lists(PIECES, max_size=2).map("".join),
)


def used_patterns() -> Iterator[tuple[str, Callable[[str], object]]]:
    """The name of each module's pattern with one of its methods, and that call."""
    for folder in SOURCES:
        for path in sorted(folder.rglob("*.py")):
            source = path.read_text()
            for name in PATTERN.findall(source):
                base = folder.parent if folder.name == "client" else folder
                module = ".".join(path.relative_to(base).with_suffix("").parts)
                for method in sorted(set(re.findall(rf"\b{name}\.({METHODS})\b", source))):
                    yield f"{module}.{name}.{method}", call_of(module, name, method)


def call_of(module: str, name: str, method: str) -> Callable[[str], object]:
    pattern: Any = getattr(importlib.import_module(module), name)
    if method == "sub":
        return lambda text: pattern.sub("", text)
    call: Callable[[str], object] = getattr(pattern, method)
    return call


WORDINGS: Final = {f"{skill.id}.wording": skill.wording.search for skill in SKILLS}
CALLS: Final = dict(used_patterns()) | WORDINGS


def test_patterns_are_found() -> None:
    assert len(CALLS) > 20
    assert "hr_agent.questions.identifiers._EMAIL.findall" in CALLS


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@settings(derandomize=True, deadline=None, max_examples=60, phases=[Phase.generate])
@given(text_of_length=TEXTS)
def test_pattern_is_linear(call: Callable[[str], object], text_of_length: Callable[[int], str]) -> None:
    assert grows_linearly(call, text_of_length), text_of_length(60)


def test_quadratic_pattern_is_noticed() -> None:
    """Otherwise the test above would prove nothing."""
    blanks_before_end = re.compile(r"\s+x")
    assert not grows_linearly(blanks_before_end.search, repeated("", " ", "a"))
