"""Rejects JSON at which the SDK's dispatchers fail with an internal error, or of which they drop a part.

a2a-sdk 1.3.0, a2a/server/routes/jsonrpc_dispatcher.py:233 and 356: any error but JSONDecodeError, such as
RecursionError for deep nesting, is answered as an unhandled exception. An id with a lone surrogate cannot be encoded.
Of two members with one name, the first is dropped, though protobuf's JSON mapping rejects them.
"""

import json
from typing import Any


def is_valid_json(body: bytes) -> bool:
    """Whether the body can be parsed and written again.

    It has to be UTF-8, of moderate depth, without NaN, numbers beyond a double, lone surrogates and repeated names.
    """
    try:
        parsed = json.loads(body, parse_int=float, object_pairs_hook=_object_of_distinct_names)
        json.dumps(parsed, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, OverflowError, RecursionError):
        return False
    return True


def _object_of_distinct_names(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("a name occurs twice in one object")
    return found
