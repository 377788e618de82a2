"""Every client's story at once: what goes wrong in one is the failure of its own tests and of nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any


class Stories[T]:
    """By the client's name. To look at a story that went wrong raises what went wrong."""

    def __init__(self, names: list[str], outcomes: list[T | BaseException]) -> None:
        self._outcomes = dict(zip(names, outcomes, strict=True))

    def __getitem__(self, name: str) -> T:
        outcome = self._outcomes[name]
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def told[T](names: Iterable[str], tell: Callable[[str], Coroutine[Any, Any, T]]) -> Stories[T]:
    async def at_once() -> list[T | BaseException]:
        return await asyncio.gather(*map(tell, names), return_exceptions=True)

    return Stories(list(names), asyncio.run(at_once()))
