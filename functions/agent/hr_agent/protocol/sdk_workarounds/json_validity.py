"""Rejects JSON at which the SDK's dispatchers fail with an internal error instead of a parse error.

a2a-sdk 1.3.0, a2a/server/routes/jsonrpc_dispatcher.py:233 and 356: any error but JSONDecodeError, such as
RecursionError for deep nesting, is answered as an unhandled exception. An id with a lone surrogate cannot be encoded.
"""

import json


def is_valid_json(body: bytes) -> bool:
    """Whether the body can be parsed and written again.

    It has to be UTF-8, of moderate depth, without NaN, numbers beyond a double and lone surrogates.
    """
    try:
        json.dumps(json.loads(body, parse_int=float), allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, OverflowError, RecursionError):
        return False
    return True
