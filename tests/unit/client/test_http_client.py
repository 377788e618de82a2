"""Limits of every response: one deadline from the connection to the last byte, and a maximal length."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from client import http_client
from client.http_client import MAX_RESPONSE_BYTES, ResponseTooLarge, open_http

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@asynccontextmanager
async def endless_server(head: bytes, chunk: bytes, pause_seconds: float) -> AsyncIterator[str]:
    """Sends `head`, then the same chunk again and again."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(head)
            while True:
                writer.write(chunk)
                await writer.drain()
                await asyncio.sleep(pause_seconds)
        except ConnectionError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


async def get(head: bytes, chunk: bytes, pause_seconds: float) -> httpx.Response:
    async with endless_server(head, chunk, pause_seconds) as url, open_http() as http:
        return await http.get(url)


@pytest.mark.parametrize(
    ("head", "chunk"),
    [(HEAD, b"1\r\na\r\n"), (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n")],
    ids=["body", "header", "informational"],
)
def test_dripping_response_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch, head: bytes, chunk: bytes) -> None:
    monkeypatch.setattr(http_client, "EXCHANGE_SECONDS", 0.3)
    started = time.monotonic()
    with pytest.raises(httpx.TimeoutException):
        asyncio.run(get(head, chunk, 0.05))
    assert time.monotonic() - started < 15


def test_endless_response_ends_at_the_maximal_length() -> None:
    chunk = b"8000\r\n" + b"a" * 0x8000 + b"\r\n"
    with pytest.raises(ResponseTooLarge):
        asyncio.run(get(HEAD, chunk, 0))


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, content=b"a" * (MAX_RESPONSE_BYTES + 1)),
        httpx.Response(200, content=gzip.compress(b"a" * 1000), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["long", "compressed"],
)
def test_response_of_unknown_or_large_size_is_refused(response: httpx.Response) -> None:
    async def get_it() -> None:
        async with open_http(httpx.MockTransport(lambda _: response)) as http:
            await http.get("https://agent.example/")

    with pytest.raises(ResponseTooLarge):
        asyncio.run(get_it())


def test_response_of_the_maximal_length_is_read() -> None:
    async def get_it() -> httpx.Response:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, content=b"a" * MAX_RESPONSE_BYTES))
        async with open_http(transport) as http:
            return await http.get("https://agent.example/")

    assert len(asyncio.run(get_it()).content) == MAX_RESPONSE_BYTES
