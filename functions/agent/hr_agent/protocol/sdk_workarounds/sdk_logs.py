"""Silences the SDK's loggers, which write a caller's message word for word (A2A 13.4).

a2a-sdk 1.3.0, a2a/server/routes/jsonrpc_dispatcher.py:243, 312: the request body, and parse errors with parts of it.
"""

import logging


def silence_sdk_logs() -> None:
    logging.getLogger("a2a").setLevel(logging.CRITICAL)
