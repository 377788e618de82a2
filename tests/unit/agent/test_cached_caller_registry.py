"""A caller is looked up once in 30 seconds."""

from __future__ import annotations

from hr_agent.http.cached_caller_registry import CachedCallerRegistry

from tests.support.clock import FakeClock
from tests.support.fake_callers import KnownCallers, known


def test_caller_is_looked_up_again_after_30_seconds(clock: FakeClock) -> None:
    registry = KnownCallers.of("acme-client")
    cached = CachedCallerRegistry(registry, clock)
    for _ in range(5):
        assert cached.find("acme-client") is registry.callers["acme-client"]
    registry.callers["acme-client"] = known("acme-client", is_enabled=False)
    clock.advance(30)
    disabled = cached.find("acme-client")
    assert disabled is not None
    assert not disabled.is_enabled
    assert registry.looked_up == ["acme-client"] * 2


def test_unknown_clients_are_cached_in_bounded_memory(clock: FakeClock) -> None:
    registry = KnownCallers()
    cached = CachedCallerRegistry(registry, clock)
    for number in range(2_000):
        for _ in range(2):
            assert cached.find(f"unknown-{number}") is None
    assert len(registry.looked_up) == 2_000
    assert len(cached._callers) == 1_000
