"""The deployed numbers, read from template.yaml and the state machine, so that they cannot be out of date."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_ROOT: Final = Path(__file__).parents[2]


class _Loader(yaml.SafeLoader):
    """Ignores CloudFormation's short forms (`!Ref`, …)."""


_Loader.add_multi_constructor("!", lambda *_: None)


@cache
def template() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((_ROOT / "template.yaml").read_text(), _Loader)  # noqa: S506 - a SafeLoader
    return loaded


def parameter(name: str) -> int:
    """The default of a numeric parameter."""
    return int(template()["Parameters"][name]["Default"])


def throttle() -> tuple[float, int]:
    """Throttling of the agent's API: requests per second, and burst."""
    return parameter("AgentRequestsPerSecond"), parameter("AgentRequestBurst")


def deliveries_at_once() -> int:
    """How many runs of Deliver Lambda starts at once."""
    return int(template()["Resources"]["Deliveries"]["Properties"]["ScalingConfig"]["MaximumConcurrency"])


@cache
def _states() -> dict[str, Any]:
    definition = json.loads((_ROOT / "statemachine" / "approval.asl.json").read_text())
    states: dict[str, Any] = definition["States"]
    return states


def busy_backoff_seconds() -> list[float]:
    """The longest pause before each retry when the identity provider is busy. Full jitter takes any part of it."""
    [retrier] = [each for each in _states()["RequestApproval"]["Retry"] if each["ErrorEquals"] == ["IdpRateLimited"]]
    pauses = (retrier["IntervalSeconds"] * retrier["BackoffRate"] ** n for n in range(retrier["MaxAttempts"]))
    return [min(pause, retrier["MaxDelaySeconds"]) for pause in pauses]


def transitions(outcomes: list[str]) -> int:
    """The number of states that one execution enters, for tasks with these outcomes in order."""
    answers, name, entered = iter(outcomes), "RequestApproval", 1
    while following := _next(_states()[name], answers):
        name, entered = following, entered + 1
    return entered


def _next(state: dict[str, Any], answers: Iterator[str]) -> str | None:
    """A step whose output has no seconds to wait takes the branch of its first Catch."""
    is_over = state["Type"] == "Task" and next(answers) != "pending"
    found: str | None = state["Catch"][0]["Next"] if is_over and state.get("Next") == "Wait" else state.get("Next")
    return found
