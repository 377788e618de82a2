"""Manage the registered callers. A change takes effect within 30 seconds. A caller that is off sends no more pushes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from staff0.caller_registry import CALLER_NAME, CallerRegistry, RegisteredCaller

from operations.deployed_stack import Stack
from operations.errors import OperationsError

_QUOTAS: Final = ("pushes_per_hour", "employees_per_hour", "employees_per_day")


def add_parser(parsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    parser: ArgumentParser = parsers.add_parser("callers", help="manage the callers that may ask", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verbs.add_parser("list", help="list every registered caller").set_defaults(run=_list)
    add = verbs.add_parser("add", help="register a client of the identity provider, or change its name and quotas")
    add.add_argument("client_id", help="the client's id at the identity provider")
    add.add_argument("name", help="the name that employees see on their phone: at most 24 letters, digits and . _ -")
    for quota in _QUOTAS:
        add.add_argument(
            f"--{quota.replace('_', '-')}", type=_positive, metavar="N", help="replaces the quota of the stack"
        )
    add.set_defaults(run=_add)
    for verb, change, summary in (
        ("on", _on, "allow a caller to ask again"),
        ("off", _off, "refuse requests of a caller"),
        ("remove", _remove, "delete a caller from the registry"),
    ):
        parser_of_verb = verbs.add_parser(verb, help=summary)
        parser_of_verb.add_argument("caller", help="its client id or its name")
        parser_of_verb.set_defaults(run=change)


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError("not positive")
    return number


def _registry(stack: Stack) -> CallerRegistry:
    return CallerRegistry(lambda: stack.client("dynamodb"), stack.output("CallersTableName"))


def _list(stack: Stack, _arguments: Namespace) -> None:
    for caller in sorted(_registry(stack).list_all(), key=lambda caller: caller.name):
        quotas = " ".join(f"{name}={value}" for name, value in sorted(caller.own_quotas.items()))
        print(f"{caller.name:<24} {'on ' if caller.is_enabled else 'off'} {caller.client_id} {quotas}".rstrip())


def _add(stack: Stack, arguments: Namespace) -> None:
    """Registers a caller. Names are unique, since employees recognise a caller by its name."""
    if not CALLER_NAME.fullmatch(arguments.name):
        raise OperationsError("A name is 1 to 24 letters, digits and . _ -, since phones show it.")
    registry = _registry(stack)
    namesakes = [caller for caller in registry.list_all() if caller.name.lower() == arguments.name.lower()]
    if any(caller.client_id != arguments.client_id for caller in namesakes):
        raise OperationsError(f"Another client already has the name {arguments.name}.")
    before = registry.find(arguments.client_id)
    quotas = {name: value for name in _QUOTAS if (value := getattr(arguments, name))}
    is_enabled = before.is_enabled if before else True
    registry.put(RegisteredCaller(arguments.client_id, arguments.name, is_enabled, quotas))
    print(f"{arguments.name} may ask." if is_enabled else f"{arguments.name} is registered, but switched off.")


def _on(stack: Stack, arguments: Namespace) -> None:
    _change(stack, arguments.caller, lambda registry, caller: registry.put(replace(caller, is_enabled=True)))


def _off(stack: Stack, arguments: Namespace) -> None:
    _change(stack, arguments.caller, lambda registry, caller: registry.put(replace(caller, is_enabled=False)))


def _remove(stack: Stack, arguments: Namespace) -> None:
    _change(stack, arguments.caller, lambda registry, caller: registry.remove(caller.client_id))


def _change(stack: Stack, name_or_id: str, change: Callable[[CallerRegistry, RegisteredCaller], None]) -> None:
    registry = _registry(stack)
    found = [caller for caller in registry.list_all() if name_or_id in {caller.client_id, caller.name}]
    if not found:
        raise OperationsError(f"No caller is registered as {name_or_id}.")
    for caller in found:
        change(registry, caller)
    print(f"{name_or_id}: done. It takes effect within 30 seconds.")
