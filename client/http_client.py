"""HTTP client with the timeouts, size limit, proxies and redirects of this program."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx

CONNECT_SECONDS: Final = 5.0
# From the connection to the last byte. A blocking SendMessage may take as long as an HTTP API allows: 30 s.
EXCHANGE_SECONDS: Final = 35.0
MAX_RESPONSE_BYTES: Final = 262_144
# A proxy from the environment cannot reach this machine.
WITHOUT_PROXY = ("all://127.0.0.1", "all://localhost", "all://[::1]")


class ResponseTooLarge(httpx.TransportError):
    """The response is longer than MAX_RESPONSE_BYTES, or compressed, so that its length is not known."""


class BoundedClient(httpx.AsyncClient):
    """Reads each response completely, within EXCHANGE_SECONDS and MAX_RESPONSE_BYTES.

    httpx's own timeouts count from byte to byte, so a server that sends slowly would never end.
    """

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401
        try:
            async with asyncio.timeout(EXCHANGE_SECONDS):
                return await _read(await super().send(request, **{**options, "stream": True}))
        except TimeoutError:
            raise httpx.ReadTimeout(f"No complete response within {EXCHANGE_SECONDS:g} s", request=request) from None


class _BoundedStream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            _require_short(size)
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _read(response: httpx.Response) -> httpx.Response:
    try:
        _require_uncompressed(response)
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _BoundedStream(response.stream)
        _require_short(len(await response.aread()))
    except BaseException:
        await response.aclose()
        raise
    return response


def _require_uncompressed(response: httpx.Response) -> None:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ResponseTooLarge("A compressed response")


def _require_short(size: int) -> None:
    if size > MAX_RESPONSE_BYTES:
        raise ResponseTooLarge(f"More than {MAX_RESPONSE_BYTES} bytes")


def open_http(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Returns a client that follows no redirects, so that a token is sent only to a URL that was checked."""
    return BoundedClient(
        timeout=httpx.Timeout(EXCHANGE_SECONDS, connect=CONNECT_SECONDS),
        headers={"Accept-Encoding": "identity"},
        transport=transport,
        mounts=None if transport else dict.fromkeys(WITHOUT_PROXY),
        follow_redirects=False,
    )
