"""A bounded cache in memory with a lifetime for each value, measured by the given clock.

Not cachetools: it drops the least recently used entry, so that a value could outlive newer ones, and it would be one
more package to load at every cold start.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from staff0.clock import Clock


class TtlCache[K: Hashable, V]:
    """Keeps a value until `expires_at(value, now)`; both times are seconds since the epoch.

    Beyond `max_entries` the value stored first is dropped. `None` is a value like any other.
    """

    def __init__(self, max_entries: int, expires_at: Callable[[V, float], float], clock: Clock) -> None:
        self._max_entries = max_entries
        self._expires_at = expires_at
        self._clock = clock
        self._entries: OrderedDict[K, tuple[V, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K, load: Callable[[], V], *, fresh: bool = False) -> V:
        """The cached value, else the one that `load` returns. Raises what `load` raises, and stores nothing then.

        `fresh` loads in any case.
        """
        now = self._clock().timestamp()
        if key in self._entries and not fresh:
            value, expires_at = self._entries[key]
            if now < expires_at:
                return value
        return self._store(key, load(), now)

    def clear(self) -> None:
        self._entries.clear()

    def _store(self, key: K, value: V, now: float) -> V:
        self._entries[key] = value, self._expires_at(value, now)
        self._entries.move_to_end(key)
        if len(self._entries) > self._max_entries:
            self._entries.popitem(last=False)
        return value
