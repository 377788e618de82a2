"""Runs the scenario of each client concurrently. An error in one scenario fails the tests of that client only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any


class ScenarioResults[T]:
    """Results by the client's name. Access to the result of a failed scenario raises its error."""

    def __init__(self, names: list[str], results: list[T | BaseException]) -> None:
        self._results = dict(zip(names, results, strict=True))

    def __or__(self, other: ScenarioResults[T]) -> ScenarioResults[T]:
        both = self._results | other._results
        return ScenarioResults([*both], [*both.values()])

    def __getitem__(self, name: str) -> T:
        result = self._results[name]
        if isinstance(result, BaseException):
            raise result
        return result


def run_scenarios[T](names: Iterable[str], run: Callable[[str], Coroutine[Any, Any, T]]) -> ScenarioResults[T]:
    """`run` plays the scenario of one client, by the client's name."""

    async def gather() -> list[T | BaseException]:
        return await asyncio.gather(*map(run, names), return_exceptions=True)

    return ScenarioResults(list(names), asyncio.run(gather()))
