"""Every side effect of every function passes here, so that a run can be recorded and spoilt at any of them.

Clients of AWS are heard by botocore's own events and HTTP by a transport: nobody lists what a function does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

import httpx
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

if TYPE_CHECKING:
    from botocore.client import BaseClient


class Kind(StrEnum):
    """What happens at one side effect; the last three leave the effect alone and let somebody else act before it."""

    CRASH_BEFORE = "the process dies before it"
    CRASH_AFTER = "the process dies after it"
    REFUSED = "it does not get through"
    LOST = "its answer is lost"
    OVERTAKEN = "the same call runs as a whole meanwhile"
    CANCELED = "the caller cancels meanwhile"
    LATE = "the deadline passes and the caller looks meanwhile"


class Crash(BaseException):
    """The process is gone: no handler of the code may catch it."""


@dataclass(frozen=True)
class Point:
    """The `place`-th side effect of the `number`-th call of a function, both from 0."""

    function: str
    number: int
    place: int
    name: str

    @property
    def only_reads(self) -> bool:
        """Nothing is changed by it: what fails here leaves what a failure at its neighbours leaves."""
        return self.name.startswith("GET ") or self.name.endswith((":GetItem", ":Query"))


@dataclass
class Call:
    function: str
    number: int
    again: Callable[[], object]
    done: list[str] = field(default_factory=list)
    pending: Kind | None = None
    is_dead: bool = False

    def die(self) -> NoReturn:
        self.is_dead = True
        raise Crash


def _nothing(_point: Point) -> Kind | None:
    return None


@dataclass
class Effects:
    """`choose` decides what happens at a point; `meanwhile` is who else acts; `spoilt` is what happened so far.

    `heard` is told of each operation of AWS: the function, the operation, its request.
    """

    choose: Callable[[Point], Kind | None] = _nothing
    heard: Callable[[str, str, dict[str, Any]], object] = lambda *_: None
    meanwhile: dict[Kind, Callable[[], object]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    spoilt: list[tuple[Point, Kind]] = field(default_factory=list)
    _running: list[Call] = field(default_factory=list)

    def run[T](self, function: str, work: Callable[[], T]) -> T:
        """`work` as one call of the function. Raises Crash when its process died, whatever came out of it."""
        number = sum(call.function == function for call in self.calls)
        call = Call(function, number, lambda: self.run(function, work))
        self.calls.append(call)
        self._running.append(call)
        try:
            return work()
        finally:
            self._running.remove(call)
            if call.is_dead:
                raise Crash

    def points(self, seen: set[tuple[str, ...]]) -> list[Point]:
        """Where the run did something. A call of a function that did what is `seen` already adds nothing."""
        found: list[Point] = []
        for call in self.calls:
            if (did := (call.function, *call.done)) not in seen:
                seen.add(did)
                found += [Point(call.function, call.number, place, name) for place, name in enumerate(call.done)]
        return found

    def listen(self, client: BaseClient) -> None:
        """Takes every operation of a client of AWS for a side effect."""
        service, url = client.meta.service_model, client.meta.endpoint_url

        def before(model: Any, params: dict[str, Any], **_: object) -> None:
            # As IAM calls it, which is how AWS itself does.
            name = f"{service.signing_name}:{model.name}"
            if self._running:
                self.heard(self._running[-1].function, name, json.loads(params["body"]))
            self._before(name, EndpointConnectionError(endpoint_url=url))

        def after(**_: object) -> None:
            self._after(ReadTimeoutError(endpoint_url=url))

        # By name, since botocore asks whoever waits for one operation before whoever waits for all.
        for operation in service.operation_names:
            client.meta.events.register_first(f"before-call.{service.service_id.hyphenize()}.{operation}", before)
        client.meta.events.register_last("after-call", after)

    def http(self, client: httpx.Client) -> httpx.Client:
        """Takes every request of a client for a side effect."""

        def handle(request: httpx.Request) -> httpx.Response:
            with self.effect(
                f"{request.method} {request.url.host}{request.url.path}",
                refused=httpx.ConnectError("refused", request=request),
                lost=httpx.ReadTimeout("lost", request=request),
            ):
                return client.send(request)

        return httpx.Client(transport=httpx.MockTransport(handle))

    @contextmanager
    def effect(self, name: str, *, refused: Exception, lost: Exception) -> Iterator[None]:
        self._before(name, refused)
        yield
        self._after(lost)

    def _before(self, name: str, refused: Exception) -> None:
        if not self._running:  # the test itself looks
            return
        call = self._running[-1]
        if call.is_dead:
            raise Crash
        point = Point(call.function, call.number, len(call.done), name)
        call.done.append(name)
        kind = self.choose(point)
        if kind is not None:
            self.spoilt.append((point, kind))
        match kind:
            case Kind.CRASH_BEFORE:
                call.die()
            case Kind.REFUSED:
                raise refused
            case Kind.OVERTAKEN:
                self._overtake(call)
            case Kind.CANCELED | Kind.LATE:
                self.meanwhile[kind]()
        call.pending = kind

    def _overtake(self, call: Call) -> None:
        try:
            call.again()
        except Exception:  # noqa: BLE001 - nobody hears the other call's answer
            return

    def _after(self, lost: Exception) -> None:
        if not self._running:
            return
        call = self._running[-1]
        kind, call.pending = call.pending, None
        if kind is Kind.CRASH_AFTER:
            call.die()
        if kind is Kind.LOST:
            raise lost
