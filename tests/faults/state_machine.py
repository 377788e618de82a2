"""Runs statemachine/approval.asl.json in the test's process, with the features of Step Functions that it uses."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.faults.side_effects import Crash

DEFINITION: dict[str, Any] = json.loads(Path("statemachine/approval.asl.json").read_text())
_EXPRESSION = re.compile(r"\{% \$states\.(.*?) %\}")
_COMPARISON = re.compile(r"input\.(\w+) (=|in) (.+)")
# A field of the input, of a result or of an error; a result may be filtered by another of its fields.
_FIELD = re.compile(r"(\w+)(?:\[(\w+) = '(\w+)'\])?\.(\w+)")

type Data = dict[str, Any]
type Evaluate = Callable[[str, Data, Any], None]
type Functions = Mapping[str, Callable[[Data], Data]]


class LambdaError(Exception):
    """An error of Lambda itself, before the function runs. Its text is the error's name in Step Functions."""


class Waits(Protocol):
    """Takes the seconds that an execution waits."""

    def advance(self, seconds: float) -> None: ...


@dataclass
class Execution:
    """One execution. `functions` have the names of the file, without `${…FunctionArn}`.

    `on_evaluation` gets each expression that was evaluated, the variable `$states`, and the result. `machine` is the
    definition that the state machine had when the execution began.
    """

    functions: Functions
    clock: Waits
    data: Data
    machine: Data = field(default_factory=lambda: DEFINITION)
    state: str = field(init=False)
    is_over: bool = False
    error: str | None = None
    path: list[str] = field(default_factory=list)
    on_evaluation: Evaluate = lambda *_: None
    _attempts: Counter[tuple[str, int]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.state = self.machine["StartAt"]

    @property
    def definition(self) -> dict[str, Any]:
        found: dict[str, Any] = self.machine["States"][self.state]
        return found

    @property
    def waits(self) -> bool:
        return not self.is_over and self.definition["Type"] == "Wait"

    def step(self) -> None:
        """Runs the current state once. A Task is one attempt, so that others can act between two attempts."""
        state = self.definition
        self.path.append(self.state)
        match state["Type"]:
            case "Task":
                self._task(state)
            case "Choice":
                self._go(next((c for c in state["Choices"] if self._holds(c["Condition"])), {"Next": state["Default"]}))
            case "Wait":
                self.clock.advance(self._value(state["Seconds"]))
                self._go(state)
            case "Succeed":
                self.is_over = True

    def stop(self) -> None:
        self.is_over = True

    def _task(self, state: dict[str, Any]) -> None:
        arguments = {name: self._value(text) for name, text in state["Arguments"].items()}
        function = self.functions[state["Resource"].removeprefix("${").removesuffix("FunctionArn}")]
        try:
            result = function(arguments)
        except (Exception, Crash) as error:  # noqa: BLE001 - Step Functions only looks at the name
            self._failed(state, _name(error))
            return
        output = {name: self._value(text, result=result) for name, text in state["Output"].items()}
        if None in output.values():
            self._failed(state, "States.QueryEvaluationError")
            return
        self.data = output
        self._go(state)

    def _failed(self, state: dict[str, Any], error: str) -> None:
        number, retrier = _matching(state.get("Retry", []), error)
        if retrier and self._attempts[self.state, number] < retrier.get("MaxAttempts", 3):
            longest = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** self._attempts[self.state, number]
            self._attempts[self.state, number] += 1
            self.clock.advance(min(longest, retrier["MaxDelaySeconds"]))
            return
        _, catcher = _matching(state.get("Catch", []), error)
        if catcher is None:
            self.is_over, self.error = True, error
            return
        self.data = {name: self._value(text, errorOutput={"Error": error}) for name, text in catcher["Output"].items()}
        self._go(catcher)

    def _go(self, to: dict[str, Any]) -> None:
        self._attempts.clear()
        self.is_over = to.get("End", False)
        self.state = to.get("Next", self.state)

    def _holds(self, condition: str) -> bool:
        comparison = _COMPARISON.fullmatch(_expression(condition))
        assert comparison, condition
        name, operator, right = comparison.groups()
        wanted = json.loads(right.replace("'", '"'))
        holds = bool(self.data[name] in wanted if operator == "in" else self.data[name] == wanted)
        self.on_evaluation(condition, {"input": self.data}, holds)
        return holds

    def _value(self, text: str, **more: Data) -> Any:
        """None if the expression gives nothing, which is an error in Step Functions."""
        found = _FIELD.fullmatch(_expression(text))
        assert found, text
        source, key, wanted, name = found.groups()
        states = {"input": self.data} | more
        value = states[source][name] if key is None or states[source][key] == wanted else None
        self.on_evaluation(text, states, value)
        return value


def _expression(text: str) -> str:
    found = _EXPRESSION.fullmatch(text)
    assert found, text
    return found.group(1)


def _matching(rules: list[dict[str, Any]], error: str) -> tuple[int, dict[str, Any] | None]:
    """The first rule for this error and its number; -1 and None without one. States.ALL matches every error."""
    for number, rule in enumerate(rules):
        if {error, "States.ALL"} & set(rule["ErrorEquals"]):
            return number, rule
    return -1, None


def _name(error: BaseException) -> str:
    """The error name in Step Functions: of an exception the class name, of a crash as Lambda calls it."""
    if isinstance(error, LambdaError):
        return str(error)
    return "Runtime.ExitError" if isinstance(error, Crash) else type(error).__name__
