"""A cache of registered callers: each request asks whether its client may call the agent."""

from typing import Final

from staff0.caller_registry import Callers, RegisteredCaller
from staff0.clock import Clock
from staff0.ttl_cache import TtlCache

_MAX_CALLERS: Final = 1_000
_LIFETIME_SECONDS: Final = 30  # a disabled caller may still call the agent for as long; its new requests fail


class CachedCallerRegistry:
    """Looks a client up once in 30 s, whether it is registered or not."""

    def __init__(self, registry: Callers, clock: Clock) -> None:
        self._registry = registry
        self._callers: TtlCache[str, RegisteredCaller | None] = TtlCache(_MAX_CALLERS, _expires_at, clock)

    def find(self, client_id: str) -> RegisteredCaller | None:
        """The caller, enabled or not; None if the client is not registered."""
        return self._callers.get(client_id, lambda: self._registry.find(client_id))


def _expires_at(_caller: RegisteredCaller | None, now: float) -> float:
    return now + _LIFETIME_SECONDS
