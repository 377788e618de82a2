"""HTTP client with the timeouts, proxies and redirects of this program."""

import httpx

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 35.0  # a blocking SendMessage may take as long as an HTTP API allows: 30 s
# A proxy from the environment cannot reach this machine.
WITHOUT_PROXY = ("all://127.0.0.1", "all://localhost", "all://[::1]")


def open_http(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Returns a client that follows no redirects, so that a token is sent only to a URL that was checked."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
        transport=transport,
        mounts=None if transport else dict.fromkeys(WITHOUT_PROXY),
        follow_redirects=False,
    )
