"""AWS clients that tests use one after the other, because a new client reads the model of its service again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from botocore.client import BaseClient

_REGISTRATIONS = ("register", "register_first", "register_last", "unregister")


class SharedClients:
    """One client for each service. After a test has changed the handlers of a client, the next test gets a new one."""

    def __init__(self, session: boto3.Session) -> None:
        self._session = session
        self._clients: dict[str, BaseClient] = {}
        self._changed: set[str] = set()

    @contextmanager
    def client(self, service: str, prepare: Callable[[Any], object] = lambda _: None) -> Iterator[Any]:
        """`prepare` gets each new client, and may register handlers."""
        if service not in self._clients:
            self._clients[service] = client = self._session.client(service)  # type: ignore[call-overload]
            prepare(client)
            self._watch(service, client)
        yield self._clients[service]
        if service in self._changed:
            self._changed.remove(service)
            del self._clients[service]

    def _watch(self, service: str, client: BaseClient) -> None:
        events: Any = client.meta.events

        def noting(method: Callable[..., object]) -> Callable[..., object]:
            def noted(*args: Any, **more: Any) -> object:
                self._changed.add(service)
                return method(*args, **more)

            return noted

        for name in _REGISTRATIONS:
            setattr(events, name, noting(getattr(events, name)))
