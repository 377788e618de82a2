"""Manage the registered callers. A change takes effect within 30 seconds. A caller that is off sends no more pushes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from staff0.caller_registry import DEFAULT_PURPOSE, CallerRegistry, RegisteredCaller

from operations.argument_types import DEFAULT, filled, quota
from operations.caller_names import (
    require_unique,
    require_valid_client_id,
    require_valid_name,
    require_valid_purpose,
)
from operations.deployed_stack import Stack
from operations.errors import OperationsError
from operations.printable import printable

_QUOTAS: Final = ("pushes_per_hour", "employees_per_hour", "employees_per_day")
_QUOTA_HELP: Final = f"replaces the quota of the stack; {DEFAULT} takes it back; without the option nothing changes"

_PURPOSE_HELP: Final = f"why it asks, as employees read it; '{DEFAULT_PURPOSE}' for a new caller"


def add_parser(parsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    parser: ArgumentParser = parsers.add_parser("callers", help="manage the callers that may ask", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verbs.add_parser("list", help="list every registered caller").set_defaults(run=_list)
    add = verbs.add_parser("add", help="register a client of the identity provider, or change its name and quotas")
    add.add_argument("client_id", help="the client's id at the identity provider")
    add.add_argument("name", help="the name that employees see on their phone: at most 24 letters, digits and . _ -")
    add.add_argument("--purpose", metavar="TEXT", help=_PURPOSE_HELP)
    for name in _QUOTAS:
        add.add_argument(f"--{name.replace('_', '-')}", type=quota, metavar="N", help=_QUOTA_HELP)
    add.set_defaults(run=_add)
    for verb, change, summary in (
        ("on", _on, "allow a caller to ask again"),
        ("off", _off, "refuse requests of a caller"),
        ("remove", _remove, "delete a caller from the registry"),
    ):
        parser_of_verb = verbs.add_parser(verb, help=summary)
        parser_of_verb.add_argument("caller", type=filled, help="its client id or its name")
        parser_of_verb.set_defaults(run=change)


def _registry(stack: Stack) -> CallerRegistry:
    return CallerRegistry(lambda: stack.client("dynamodb"), stack.output("CallersTableName"))


def _list(stack: Stack, _arguments: Namespace) -> None:
    for caller in sorted(_registry(stack).list_all(), key=lambda caller: caller.name):
        quotas = " ".join(f"{name}={value}" for name, value in sorted(caller.own_quotas.items()))
        name, client_id = printable(caller.name), printable(caller.client_id)
        purpose = "" if caller.purpose == DEFAULT_PURPOSE else f"purpose='{printable(caller.purpose)}'"
        print(f"{name:<24} {'on ' if caller.is_enabled else 'off'} {client_id} {quotas} {purpose}".rstrip())


def _add(stack: Stack, arguments: Namespace) -> None:
    """Registers a caller, or changes it. A switch, quotas and a purpose that are not given stay as they are."""
    require_valid_client_id(arguments.client_id)
    require_valid_name(arguments.name)
    if arguments.purpose is not None:
        require_valid_purpose(arguments.purpose)
    registry = _registry(stack)
    require_unique(arguments.client_id, arguments.name, registry.list_all())
    before = registry.find(arguments.client_id)
    is_enabled = before.is_enabled if before else True
    quotas = _quotas(before.own_quotas if before else {}, arguments)
    purpose = arguments.purpose or (before.purpose if before else DEFAULT_PURPOSE)
    registry.put(RegisteredCaller(arguments.client_id, arguments.name, is_enabled, quotas, purpose))
    print(f"{arguments.name} may ask." if is_enabled else f"{arguments.name} is registered, but switched off.")


def _quotas(before: Mapping[str, int], arguments: Namespace) -> dict[str, int]:
    given = {name: value for name in _QUOTAS if (value := getattr(arguments, name)) is not None}
    return {name: value for name, value in {**before, **given}.items() if value != DEFAULT}


def _on(stack: Stack, arguments: Namespace) -> None:
    _change(stack, arguments.caller, lambda registry, caller: registry.put(replace(caller, is_enabled=True)))


def _off(stack: Stack, arguments: Namespace) -> None:
    _change(stack, arguments.caller, lambda registry, caller: registry.put(replace(caller, is_enabled=False)))


def _remove(stack: Stack, arguments: Namespace) -> None:
    _change(stack, arguments.caller, lambda registry, caller: registry.remove(caller.client_id))


def _change(stack: Stack, name_or_id: str, change: Callable[[CallerRegistry, RegisteredCaller], None]) -> None:
    registry = _registry(stack)
    caller = _find(registry.list_all(), name_or_id)
    change(registry, caller)
    print(f"{printable(caller.name)} ({printable(caller.client_id)}): done. It takes effect within 30 seconds.")


def _find(callers: Iterable[RegisteredCaller], name_or_id: str) -> RegisteredCaller:
    """The one caller with this client id or name. Raises OperationsError if none has it, or more than one."""
    found = [caller for caller in callers if name_or_id in {caller.client_id, caller.name}]
    if not found:
        raise OperationsError(f"No caller is registered as {name_or_id}.")
    if len(found) > 1:
        listed = ", ".join(f"{caller.name} ({caller.client_id})" for caller in found)
        raise OperationsError(f"{name_or_id} may be any of these: {listed}. Nothing was changed; use the other word.")
    return found[0]
