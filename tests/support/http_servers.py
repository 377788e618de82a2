"""Runs a web server of a test in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from threading import Thread
from typing import Self


class Quiet:
    """Mixed into a request handler."""

    def log_message(self, *_: object) -> None:
        """Keeps the output of the tests free of access logs."""


@contextmanager
def serving(server: HTTPServer) -> Iterator[None]:
    """Serves while the context is open, and then closes the server."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Serving:
    """Base of a class with the server `_server`, which serves inside a `with` block."""

    _server: HTTPServer

    def __enter__(self) -> Self:
        self._running = serving(self._server)
        self._running.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.__exit__(None, None, None)
