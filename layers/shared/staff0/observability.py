"""Structured logs of every function.

Decorate each Lambda handler with `log_invocation`, so that every line of one invocation has its request id and cold
start, and none has a key of the invocation before. Code adds keys that belong to the invocation, such as the task id,
by `logger.append_keys`.

Lines hold task ids, codes and trace ids: no token, no e-mail address, no person's name, no text of a caller (A2A 13.4).
"""

from collections.abc import Callable

from aws_lambda_powertools import Logger

logger = Logger()  # service name and level from POWERTOOLS_*


def log_invocation[E, C, R](handler: Callable[[E, C], R]) -> Callable[[E, C], R]:
    """The handler of a Lambda function, with fresh keys of the logger at each call. The event is never logged."""
    decorated: Callable[[E, C], R] = logger.inject_lambda_context(handler, clear_state=True, log_event=False)
    return decorated
