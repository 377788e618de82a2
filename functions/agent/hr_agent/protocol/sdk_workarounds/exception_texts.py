"""Hides the texts of unexpected exceptions, which the SDK's dispatchers would show to the caller.

https://github.com/a2aproject/a2a-python/issues/1232
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from a2a.utils.errors import A2AError, InternalError
from staff0.observability import logger


@contextmanager
def hidden_exception_texts() -> Iterator[None]:
    """Raises InternalError for any exception but an A2AError, and logs its type and its line of code."""
    try:
        yield
    except A2AError:
        raise
    except Exception as error:  # noqa: BLE001 - the outermost handler of a call
        logger.error("unexpected error in a call", extra={"error": type(error).__name__, "at": _code_line(error)})
        raise InternalError from None


def _code_line(error: Exception) -> str:
    """File and line, without the exception's text, which may hold what the caller wrote."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
