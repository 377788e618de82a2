from __future__ import annotations

from collections.abc import Callable

import pytest
from staff0.ttl_cache import TtlCache

from tests.support.clock import FakeClock


class Source:
    """Returns the next of `values` with each call, and counts the calls."""

    def __init__(self, *values: str | None) -> None:
        self.values = list(values)
        self.calls = 0

    def __call__(self) -> str | None:
        self.calls += 1
        return self.values[self.calls - 1]


@pytest.fixture
def cache(clock: FakeClock) -> TtlCache[str, str | None]:
    return TtlCache(2, lambda _, now: now + 10, clock)


def test_value_is_loaded_again_after_its_lifetime(cache: TtlCache[str, str | None], clock: FakeClock) -> None:
    source = Source("old", "new")
    assert cache.get("key", source) == "old"
    clock.advance(9)
    assert cache.get("key", source) == "old"
    clock.advance(1)
    assert cache.get("key", source) == "new"


def test_none_is_cached(cache: TtlCache[str, str | None]) -> None:
    source = Source(None)
    assert (cache.get("key", source), cache.get("key", source)) == (None, None)
    assert source.calls == 1


def test_oldest_value_is_dropped_even_if_it_was_just_used(cache: TtlCache[str, str | None]) -> None:
    cache.get("first", Source("1"))
    cache.get("second", Source("2"))
    cache.get("first", Source())
    cache.get("third", Source("3"))
    assert len(cache) == 2
    assert cache.get("second", Source()) == "2"
    assert cache.get("first", Source("again")) == "again"


def test_failed_load_is_not_cached(cache: TtlCache[str, str | None]) -> None:
    def fail() -> str:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        cache.get("key", fail)
    assert cache.get("key", Source("value")) == "value"


def test_lifetime_may_depend_on_value(clock: FakeClock) -> None:
    lifetimes: Callable[[int, float], float] = lambda value, now: now + value  # noqa: E731
    cache: TtlCache[str, int] = TtlCache(2, lifetimes, clock)
    assert (cache.get("short", lambda: 1), cache.get("long", lambda: 9)) == (1, 9)
    clock.advance(2)
    assert (cache.get("short", lambda: 7), cache.get("long", lambda: 7)) == (7, 9)


def test_cleared_value_is_loaded_again(cache: TtlCache[str, str | None]) -> None:
    source = Source("old", "new")
    cache.get("key", source)
    cache.clear()
    assert cache.get("key", source) == "new"


def test_fresh_value_replaces_the_cached_one(cache: TtlCache[str, str | None]) -> None:
    source = Source("old", "new")
    cache.get("key", source)
    assert cache.get("key", source, fresh=True) == "new"
    assert cache.get("key", source) == "new"
