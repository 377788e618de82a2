"""Invalid Lambda events: the samples of events/ with any part removed or replaced."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EVENTS: Final = Path(__file__).parents[2] / "events"
PRIVATE: Final = "John Doe, jdoe@staff0.com"  # private data that no error and no log may contain
TEXT: Final = (
    st.text(st.characters(exclude_categories=()), max_size=20)  # includes lone surrogates, which JSON can contain
    | st.sampled_from(["", " ", "\x00", "\ud800", "%", "..", PRIVATE, "\u0663", "x" * 5_000])
)
JUNK: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
QUIETLY: Final = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

type Json = Any
type _Path = tuple[str | int, ...]


def sample(name: str) -> Json:
    return json.loads((EVENTS / f"{name}.json").read_text())


@st.composite
def mutated(draw: st.DrawFn, event: Json) -> Json:
    """`event` with some of its parts, or all of it, removed, wrapped in a list, or replaced by junk."""
    changed = copy.deepcopy(event)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([path for path, _ in _parts(changed, ())]))
        if not path:
            return draw(JUNK)
        parent = changed
        for step in path[:-1]:
            parent = parent[step]
        match draw(st.sampled_from(["drop", "wrap", "junk"])):
            case "drop":
                del parent[path[-1]]
            case "wrap":
                parent[path[-1]] = [parent[path[-1]]]
            case _:
                parent[path[-1]] = draw(JUNK)
    return changed


def _parts(node: Json, path: _Path) -> Iterator[tuple[_Path, Json]]:
    yield path, node
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, part in inside:
        yield from _parts(part, (*path, name))
