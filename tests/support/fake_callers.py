"""The registry of callers in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from staff0.caller_registry import RegisteredCaller


def known(client_id: str, *, is_enabled: bool = True, **own_quotas: int) -> RegisteredCaller:
    """`acme-client` is acme to employees."""
    return RegisteredCaller(client_id, client_id.removesuffix("-client"), is_enabled, own_quotas)


@dataclass
class KnownCallers:
    """Holds the callers that a test adds. `looked_up` records the client ids of all lookups."""

    callers: dict[str, RegisteredCaller] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, *client_ids: str) -> KnownCallers:
        return cls({client_id: known(client_id) for client_id in client_ids})

    def find(self, client_id: str) -> RegisteredCaller | None:
        self.looked_up.append(client_id)
        return self.callers.get(client_id)
