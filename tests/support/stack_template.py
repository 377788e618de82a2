"""template.yaml as data: Globals are merged into each function, and a role's statements stand under any condition."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lint.cloudformation_yaml import Node, read_template

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Stack:
    template: dict[str, Node]
    functions: dict[str, Node] = field(init=False)

    def __post_init__(self) -> None:
        shared = self.template["Globals"]["Function"]
        functions = {name: merged(shared, r["Properties"]) for name, r in self.of("AWS::Serverless::Function").items()}
        object.__setattr__(self, "functions", functions)

    def of(self, kind: str) -> dict[str, Node]:
        return {name: r for name, r in self.template["Resources"].items() if r["Type"] == kind}

    def properties(self, name: str) -> Node:
        return self.template["Resources"][name]["Properties"]

    def environment(self, function: str) -> dict[str, Node]:
        variables: dict[str, Node] = self.functions[function]["Environment"]["Variables"]
        return variables

    def statements(self, name: str) -> list[Node]:
        """What the role of a function or of the state machine may do, under any condition."""
        [policy] = self.role(name)["Policies"]
        statements = policy["PolicyDocument"]["Statement"]
        branches = [branch for s in statements for branch in (s["Fn::If"][1:] if "Fn::If" in s else [s])]
        return [branch for branch in branches if branch != {"Ref": "AWS::NoValue"}]

    def role(self, name: str) -> Node:
        """The properties of the role of a function or of the state machine."""
        return self.properties(self.properties(name)["Role"]["Fn::GetAtt"].removesuffix(".Arn"))

    def granted(self, name: str, service: str) -> list[tuple[str, Node]]:
        """Each action of the service with each resource that the role may use it on."""
        return [
            (action, resource)
            for statement in self.statements(name)
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
            if action.startswith(f"{service}:")
        ]


def merged(shared: Node, own: Node) -> Node:
    if not (isinstance(shared, dict) and isinstance(own, dict)):
        return own
    both = {key: merged(shared[key], own[key]) for key in shared.keys() & own.keys()}
    return {**shared, **own, **both}


def listed(value: Node) -> list[Node]:
    return value if isinstance(value, list) else [value]


def leading_keys(statement: Node) -> list[str] | None:
    """The patterns of partition keys to which a statement is limited; None for a statement without a limit."""
    patterns: list[str] | None = (
        statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys")
    )
    return patterns


def read_stack() -> Stack:
    return Stack(read_template(PROJECT / "template.yaml"))
