"""The log of `--debug`: requests and their status, never a token or a secret (httpx logs request lines only)."""

import logging
from typing import TextIO

from client.sanitise import printable

LOGGERS = ("client", "a2a", "httpx")


class PrintableFormatter(logging.Formatter):
    """Replaces characters that could control the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(printable, super().format(record).splitlines()))


def configure_logging(stream: TextIO, *, debug: bool) -> None:
    """Logs to `stream` if `debug`. Otherwise nothing is logged: errors are printed once, as one line."""
    handler = logging.StreamHandler(stream) if debug else logging.NullHandler()
    handler.setFormatter(PrintableFormatter("%(relativeCreated)7d ms %(name)s: %(message)s"))
    for name in LOGGERS:
        log = logging.getLogger(name)
        log.handlers = [handler]
        log.setLevel(logging.DEBUG if debug else logging.WARNING)
