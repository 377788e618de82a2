"""Faults for FakeIdp.fail_next: how the identity provider may fail to answer."""

from collections.abc import Callable

import httpx

from tests.support.clock import FakeClock

type Serve = Callable[[httpx.Request], httpx.Response]
type Fault = Callable[[Serve, httpx.Request], httpx.Response]


def respond(status: int, error: str | None = None, *, headers: dict[str, str] | None = None, **body: object) -> Fault:
    """Answers with this status and a JSON body that holds `error`; with an HTML page if `error` is None."""
    if error is None:
        return lambda _serve, _request: httpx.Response(status, html="<h1>Oops</h1>", headers=headers)
    return lambda _serve, _request: httpx.Response(status, json={"error": error, **body}, headers=headers)


def drop_request(error: type[httpx.TransportError] = httpx.ConnectError) -> Fault:
    """Raises `error`; the request does not arrive."""

    def fault(_serve: Serve, request: httpx.Request) -> httpx.Response:
        raise error("dropped", request=request)

    return fault


def answer_late(clock: FakeClock, seconds: float, fault: Fault | None = None) -> Fault:
    """Serves the request, or as `fault` does, and answers after some seconds."""

    def late(serve: Serve, request: httpx.Request) -> httpx.Response:
        try:
            return fault(serve, request) if fault else serve(request)
        finally:
            clock.advance(seconds)

    return late


def lose_response() -> Fault:
    """Serves the request and raises httpx.ReadTimeout; the response does not arrive."""

    def fault(serve: Serve, request: httpx.Request) -> httpx.Response:
        serve(request)
        raise httpx.ReadTimeout("lost", request=request)

    return fault
