"""CloudFormation's Ref and Fn::Sub, as far as an authorizer's issuer and audience use them here."""

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
    """`values` is what Ref gives: parameters' values and resources' physical ids."""

    values: Mapping[str, str]

    @classmethod
    def of_stack(cls, cloudformation: CloudFormationClient, stack_name: str, template: Any) -> Self:  # noqa: ANN401
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
        """Raises KeyError for a resource that the stack does not have."""
        return self.values[logical_id]

    def resolve(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """`value` with every reference replaced. Raises ValueError for a function it does not know."""
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
