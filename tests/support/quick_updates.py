"""Makes moto's update expressions faster. moto parses and checks each one again, in ten passes over its tree."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from unittest import mock

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.executors import UpdateExpressionExecutor
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]
from moto.dynamodb.parsing.validators import UpdateExpressionValidator

from tests.support.patches import opened

_VERBS: Final = {"SET", "ADD", "REMOVE"}
_SCALARS: Final = {"S", "N", "B", "BOOL"}
_NAME, _VALUE = re.compile(r"#?\w+"), re.compile(r":\w+")

_parse = UpdateExpressionParser.make
# What moto has accepted: expressions, each with its names, the types of its values and of the attributes before it.
_accepted: set[tuple[object, ...]] = set()

type Action = tuple[str, str, str]


def quick_updates() -> AbstractContextManager[None]:
    return opened(
        mock.patch.object(UpdateExpressionParser, "make", cache(_parsed)),
        mock.patch("moto.dynamodb.models.UpdateExpressionValidator", _Validator),
        mock.patch("moto.dynamodb.models.UpdateExpressionExecutor", _Executor),
    )


def _parsed(expression: str) -> Any:
    tree = _parse(expression)
    tree.plain_actions = plain_actions(expression)
    return tree


def plain_actions(expression: str) -> list[Action]:
    """The verb, name and value of each action; empty for an expression that is not only SET, ADD and REMOVE."""
    actions, verb = list[Action](), ""
    words = iter(re.split(r"[\s,=]+", expression.strip()))
    for word in words:
        if word in _VERBS:
            verb = word
        else:
            actions.append((verb, word, "" if verb == "REMOVE" else next(words, "")))
    return actions if all(map(_is_plain, actions)) else []


def _is_plain(action: Action) -> bool:
    verb, name, value = action
    return bool(verb and _NAME.fullmatch(name) and (verb == "REMOVE" or _VALUE.fullmatch(value)))


@dataclass
class _PlainUpdate:
    """Stands for moto's checked tree, with the attribute and the value of each action."""

    actions: list[tuple[str, str, DynamoType | None]]

    def normalize(self) -> None:
        """The actions already are in the order of their execution."""

    def apply(self, item: Item) -> None:
        for verb, name, value in self.actions:
            if verb == "REMOVE":
                item.attrs.pop(name, None)
            else:
                there = item.attrs.get(name) if verb == "ADD" else None
                item.attrs[name] = there + value if there else value


class _Validator:
    """Lets moto check what it has not accepted before, and what is not plain."""

    def __init__(
        self,
        expression: Any,
        expression_attribute_names: dict[str, str] | None,
        expression_attribute_values: dict[str, dict[str, Any]] | None,
        item: Item,
        table: Table,
    ) -> None:
        self._names, self._values = expression_attribute_names or {}, expression_attribute_values or {}
        self._expression, self._item, self._table = expression, item, table

    def validate(self) -> Any:
        types = [(name, *value) for name, value in self._values.items()]
        actions = [self._filled(action) for action in self._expression.plain_actions]
        if not actions or not all(self._is_simple(*action) for action in actions):
            return self._validated()
        before = [(name, value.type) for name, value in self._item.attrs.items()]
        key = (self._expression, *sorted(self._names.items()), *types, *before, *self._table.attribute_keys)
        if key not in _accepted:
            self._validated()
            _accepted.add(key)
        return _PlainUpdate(actions)

    def _is_simple(self, verb: str, name: str, value: DynamoType | None) -> bool:
        there = self._item.attrs.get(name)
        if verb == "ADD":
            return value is not None and {value.type, there.type if there else "N"} == {"N"}
        return value is None or value.type in _SCALARS

    def _validated(self) -> Any:
        validator = UpdateExpressionValidator(self._expression, self._names, self._values, self._item, self._table)
        return validator.validate()

    def _filled(self, action: Action) -> tuple[str, str, DynamoType | None]:
        verb, name, value = action
        given = self._values.get(value)
        return verb, self._names.get(name, name), DynamoType(given) if given else None


class _Executor(UpdateExpressionExecutor):
    def execute(self, node: Any = None) -> None:
        if isinstance(self.update_ast, _PlainUpdate):
            self.update_ast.apply(self.item)
        else:
            super().execute(node)
