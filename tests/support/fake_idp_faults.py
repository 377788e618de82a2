"""Bad days of the fake tenant, for FakeTenant.fail_next."""

from collections.abc import Callable

import httpx

type Serve = Callable[[httpx.Request], httpx.Response]
type Fault = Callable[[Serve, httpx.Request], httpx.Response]


def answer(status: int, error: str | None = None, *, headers: dict[str, str] | None = None, **body: object) -> Fault:
    """A fault: this status, with this error in a JSON body, or with a page of HTML."""
    if error is None:
        return lambda _serve, _request: httpx.Response(status, html="<h1>Oops</h1>", headers=headers)
    return lambda _serve, _request: httpx.Response(status, json={"error": error, **body}, headers=headers)


def drop(error: type[httpx.TransportError] = httpx.ConnectError) -> Fault:
    """A fault: the request never arrives."""

    def fault(_serve: Serve, request: httpx.Request) -> httpx.Response:
        raise error("dropped", request=request)

    return fault


def lose_answer() -> Fault:
    """A fault: the request is served, its answer gets lost."""

    def fault(serve: Serve, request: httpx.Request) -> httpx.Response:
        serve(request)
        raise httpx.ReadTimeout("lost", request=request)

    return fault
