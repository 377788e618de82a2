"""Batches of records that Lambda reads from a queue or a stream."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from staff0.errors import BadEvent, Staff0Error
from staff0.observability import logger


def records_of(event: object) -> list[Any]:
    """The records of a Lambda event; each may have any shape. Raises BadEvent if the event has no list of records."""
    match event:
        case {"Records": list(records)}:
            return records
    raise BadEvent("the event has no list of records")


@contextmanager
def record_context(**keys: object) -> Iterator[None]:
    """Adds keys to the log lines of one record. Logs an unexpected error with them, since BatchProcessor logs none."""
    with logger.append_context_keys(**keys):
        try:
            yield
        except Staff0Error:
            raise
        except Exception:  # raised again: only here the lines have the keys of the record
            logger.exception("the record failed")
            raise
