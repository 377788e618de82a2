"""Records all side effects of all functions, and injects faults at any of them.

AWS calls are recorded through botocore's events and HTTP through a transport, so that a new side effect needs no entry.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NoReturn

import httpx
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError


class Kind(StrEnum):
    """What happens at one side effect. The last three run something else just before it, and then the side effect."""

    CRASH_BEFORE = "the process dies before it"
    CRASH_AFTER = "the process dies after it"
    REFUSED = "it does not get through"
    LOST = "its answer is lost"
    OVERTAKEN = "the same call runs as a whole meanwhile"
    CANCELED = "the caller cancels meanwhile"
    LATE = "the deadline passes and the caller looks meanwhile"


class Crash(BaseException):
    """The process has died. A BaseException, so that no handler in the code catches it."""


@dataclass(frozen=True)
class Point:
    """The `place`-th side effect of the `number`-th call of a function, both from 0."""

    function: str
    number: int
    place: int
    name: str

    @property
    def only_reads(self) -> bool:
        """True for a call that changes nothing. A failure here has the same effect as one at the next write."""
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
class SideEffectRecorder:
    """`choose` returns the fault at a point, `meanwhile` holds the concurrent actions, `injected` the faults so far.

    `on_aws_call` gets the function, the operation and the request of each AWS call. `question` is the caller's.
    """

    choose: Callable[[Point], Kind | None] = _nothing
    on_aws_call: Callable[[str, str, dict[str, Any]], object] | None = None
    meanwhile: dict[Kind, Callable[[], object]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    injected: list[tuple[Point, Kind]] = field(default_factory=list)
    question: str = ""
    _running: list[Call] = field(default_factory=list)

    def run[T](self, function: str, work: Callable[[], T]) -> T:
        """Runs `work` as one call of the function. Raises Crash if its process died."""
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
        """The points of the run, without calls whose side effects are in `seen`. Adds the new ones to `seen`.

        A call that reads the HR record is not the same for another question: it discloses other facts.
        """
        found: list[Point] = []
        for call in self.calls:
            question = self.question if call.function == "ReadEmployment" else ""
            if (did := (call.function, question, *call.done)) not in seen:
                seen.add(did)
                found += [Point(call.function, call.number, place, name) for place, name in enumerate(call.done)]
        return found

    def before_aws_call(self, name: str, body: bytes, endpoint_url: str) -> None:
        """`name` is the name of the action in IAM policies."""
        if self._running and self.on_aws_call:
            self.on_aws_call(self._running[-1].function, name, json.loads(body))
        self._before(name, EndpointConnectionError(endpoint_url=endpoint_url))

    def after_aws_call(self, endpoint_url: str) -> None:
        self._after(ReadTimeoutError(endpoint_url=endpoint_url))

    def http(self, client: httpx.Client) -> httpx.Client:
        """Records each request of an HTTP client."""

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
        if not self._running:  # a call of the test itself
            return
        call = self._running[-1]
        if call.is_dead:
            raise Crash
        point = Point(call.function, call.number, len(call.done), name)
        call.done.append(name)
        kind = self.choose(point)
        if kind is not None:
            self.injected.append((point, kind))
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
        except Exception:  # noqa: BLE001 - the answer of the other call is lost
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
