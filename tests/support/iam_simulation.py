"""Which statement of a role in template.yaml allows a call, and what of a statement no call needs.

Resources have the names of the template: `TasksTable`, `TasksTable/stream`, `AuditTable/index/about-index`,
`RequestApprovalFunction.Alias`, `execution:ApprovalStateMachine:*`. A form of policy that the template does not have
yet is an error here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from lint.cloudformation_yaml import Node
from tests.support.stack_template import leading_keys, listed

LEADING_KEYS: Final = "dynamodb:LeadingKeys"
_ATTRIBUTE: Final = re.compile(r"\$\{(\w+)\.\w+\}")
_ACCOUNT: Final = "${AWS::AccountId}:"


@dataclass(frozen=True, order=True)
class Use:
    """An action on a resource, with the condition keys of the call and their values."""

    action: str
    resource: str
    conditions: tuple[tuple[str, str], ...] = ()


def resource_name(resource: Node) -> str:
    match resource:
        case "*":
            return "*"
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": str(attribute)}:
            name, _, kind = attribute.partition(".")
            return f"{name}/stream" if kind == "StreamArn" else name
        case {"Fn::Sub": str(pattern)}:
            return _ATTRIBUTE.sub(r"\1", pattern.rpartition(_ACCOUNT)[2])
    raise AssertionError(f"a resource of another form: {resource}")


def allows(statement: Node, use: Use) -> bool:
    return (
        use.action in listed(statement["Action"])
        and use.resource in map(resource_name, listed(statement["Resource"]))
        and all(_is_met(operator, tests, use) for operator, tests in statement.get("Condition", {}).items())
    )


def _is_met(operator: str, tests: dict[str, Node], use: Use) -> bool:
    """IAM guide, "Condition operators": ForAllValues is also met by a call without the key."""
    given = dict(use.conditions)
    match operator:
        case "ForAllValues:StringLike":
            return all(key not in given or _is_like(given[key], patterns) for key, patterns in tests.items())
        case "Null":
            return all((key not in given) == (is_null == "true") for key, is_null in tests.items())
    raise AssertionError(f"a condition of another form: {operator}")


def _is_like(value: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in patterns)


def unneeded(statement: Node, uses: Iterable[Use]) -> set[str]:
    """The actions, the resources and the patterns of partition keys of a statement that no use needs."""
    needed = [use for use in uses if allows(statement, use)]
    resources = {resource_name(resource) for resource in listed(statement["Resource"])}
    keys = [dict(use.conditions).get(LEADING_KEYS, "") for use in needed]
    return {
        *(set(listed(statement["Action"])) - {use.action for use in needed}),
        *(resources - {use.resource for use in needed}),
        *(pattern for pattern in leading_keys(statement) or [] if not any(_is_like(key, [pattern]) for key in keys)),
    }
