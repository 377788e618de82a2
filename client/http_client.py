"""How this program speaks HTTP."""

import httpx

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 35.0  # a blocking SendMessage may take as long as an HTTP API allows: 30 s
# A proxy set for the world outside is no way to this machine.
WITHOUT_PROXY = ("all://127.0.0.1", "all://localhost", "all://[::1]")


def open_http(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client that follows no redirect: a token goes to the address that was checked, nowhere else."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
        transport=transport,
        mounts=None if transport else dict.fromkeys(WITHOUT_PROXY),
        follow_redirects=False,
    )
