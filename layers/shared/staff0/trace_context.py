"""Trace context (W3C): a caller's `traceparent` goes on to each system that its request reaches.

It is never trusted, and decides nothing. A malformed one is ignored. What is kept are 32 hexadecimal digits of the
caller's choice, a span id and flags; `tracestate` is free text, and is not kept.
"""

import re
import secrets
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Final

from staff0.observability import logger

HEADER: Final = "traceparent"
# Version, trace id, parent id and flags (Trace Context 3.2.2).
_TRACEPARENT: Final = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
_LENGTH: Final = 55
_KNOWN_FLAGS: Final = 0b11  # sampled, random trace id (Trace Context 3.2.2.5)

_current: ContextVar[str] = ContextVar("traceparent", default="")


def parse_traceparent(values: Sequence[str]) -> str:
    """The header's value in version 00. Empty without a header, with several of them, or for a malformed one."""
    value = values[0].strip(" \t") if len(values) == 1 else ""
    found = _TRACEPARENT.fullmatch(value[:_LENGTH])
    if found is None or not _may_follow(found[1], value[_LENGTH:]):
        return ""
    return f"00-{found[2]}-{found[3]}-{int(found[4], 16) & _KNOWN_FLAGS:02x}"


def continue_trace(traceparent: str) -> None:
    """Lets the requests and log lines of this invocation belong to this trace; to none if it is empty or malformed."""
    trace = parse_traceparent([traceparent])
    _current.set(trace)
    if trace:
        logger.append_keys(trace_id=trace.split("-")[1])


def trace_headers() -> dict[str, str]:
    """The header for one request of the current trace, with a new span id; empty without a trace."""
    return child_headers(_current.get())


def child_headers(traceparent: str) -> dict[str, str]:
    """The header for one request of this trace, with a new span id; empty without a valid trace."""
    trace = parse_traceparent([traceparent])
    if not trace:
        return {}
    version, trace_id, _, flags = trace.split("-")
    return {HEADER: f"{version}-{trace_id}-{_new_span_id()}-{flags}"}


def _may_follow(version: str, rest: str) -> bool:
    """A later version may have more fields, version 00 has none (Trace Context 3.2.4)."""
    return not rest or (version != "00" and rest.startswith("-"))


def _new_span_id() -> str:
    return f"{secrets.randbelow(2**64 - 1) + 1:016x}"  # not zero
