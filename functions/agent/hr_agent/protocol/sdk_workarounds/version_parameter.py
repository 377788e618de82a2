"""The A2A version from the query parameter, which the SDK ignores.

A2A 3.6.1 allows it instead of the header: https://github.com/a2aproject/a2a-python/issues/1204
"""

from a2a.utils.constants import VERSION_HEADER
from starlette.requests import Request


def requested_version(request: Request) -> str:
    """The header's version, else the query parameter's; empty if the request names none."""
    return request.headers.get(VERSION_HEADER) or request.query_params.get(VERSION_HEADER) or ""
