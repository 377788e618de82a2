"""CloudFormation's Ref and Fn::Sub, the two functions in an authorizer's issuer and audience."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudformation import CloudFormationClient

_VARIABLE = re.compile(r"\$\{([\w:.]+)\}")


@dataclass(frozen=True)
class Resolver:
    """Replaces references. `values`: name of a parameter or resource → its value or physical id."""

    values: Mapping[str, str]

    @classmethod
    def of_stack(cls, cloudformation: CloudFormationClient, stack_name: str, template: Any) -> Self:  # noqa: ANN401
        """Reads the values of a deployed stack."""
        [stack] = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
        defaults = {
            name: str(parameter["Default"])
            for name, parameter in template.get("Parameters", {}).items()
            if "Default" in parameter
        }
        given = {p["ParameterKey"]: p.get("ParameterValue", "") for p in stack.get("Parameters", [])}
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name)
        resources = {
            resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "")
            for page in pages
            for resource in page["StackResourceSummaries"]
        }
        return cls(defaults | given | resources)

    def physical_id(self, logical_id: str) -> str:
        """Raises KeyError for a resource that is not in the stack."""
        return self.values[logical_id]

    def resolve(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """Returns `value` with all references replaced. Raises ValueError for any other intrinsic function."""
        match value:
            case {"Ref": str(name)}:
                return self.values[name]
            case {"Fn::Sub": str(text)}:
                return _VARIABLE.sub(lambda match: self.values[match[1]], text)
            case dict() if unknown := [key for key in value if str(key).startswith("Fn::")]:
                raise ValueError(f"cannot resolve {unknown[0]} here")
            case dict():
                return {key: self.resolve(inner) for key, inner in value.items()}
            case list():
                return [self.resolve(inner) for inner in value]
        return value
