"""How often a phone may ring, counted before the tenant is asked (OWASP's push bombing)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from staff0.clock import Clock
from staff0.tasks import TaskStore

_WINDOW_SECONDS: Final = 3600
_NOBODY: Final = "nobody"


@dataclass(frozen=True)
class PushLimits:
    """Counts in fixed hours."""

    store: TaskStore
    clock: Clock
    per_employee: int
    per_caller: int

    def caller_may_ask(self, owner: str) -> bool:
        return self.store.allow(f"caller:{owner}", _WINDOW_SECONDS, self.per_caller)

    def may_be_asked(self, sub: str | None) -> bool:
        """Nobody is counted too, so that an unknown address takes as long as a known one."""
        return self.store.allow(f"employee:{sub or _NOBODY}", _WINDOW_SECONDS, self.per_employee) and sub is not None

    def again_at(self) -> datetime:
        """When the present hour of counting ends."""
        window = int(self.clock().timestamp()) // _WINDOW_SECONDS
        return datetime.fromtimestamp((window + 1) * _WINDOW_SECONDS, tz=UTC)
