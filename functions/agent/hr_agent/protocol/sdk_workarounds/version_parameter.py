"""The A2A version from all headers and query parameters. The SDK reads the last header only.

A2A 3.6.1 allows the query parameter instead of the header: https://github.com/a2aproject/a2a-python/issues/1204
"""

from collections.abc import Sequence
from typing import Final

from a2a.utils.constants import VERSION_HEADER
from starlette.requests import Request

_MAX_CHARACTERS: Final = 32  # the SDK fails with an internal error at a number of 5,000 digits


def requested_version(request: Request) -> str:
    """The headers' version, else the query parameters'; empty if the request names none.

    Equal values are one (RFC 9110 5.3: several headers are one list). Different values, and one that is too long,
    give a text that the SDK rejects as an unsupported version.
    """
    return _single(request.headers.getlist(VERSION_HEADER)) or _single(request.query_params.getlist(VERSION_HEADER))


def _single(values: Sequence[str]) -> str:
    named = {value.strip() for value in ",".join(values).split(",")} - {""}
    version = ", ".join(sorted(named))
    return version if len(version) <= _MAX_CHARACTERS else f"{version[:_MAX_CHARACTERS]}…"
