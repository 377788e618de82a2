"""Reads a CloudFormation template as data: anchors and merge keys written out, short tags in their long form."""

from pathlib import Path
from typing import Any

import yaml

type Node = Any  # CloudFormation is JSON of any shape


class CloudFormationLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags."""


def _intrinsic(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Node:
    value: Node
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has no fourth kind of node
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


CloudFormationLoader.add_multi_constructor("!", _intrinsic)


def read_template(path: Path) -> dict[str, Node]:
    """The template in a file. Raises yaml.YAMLError if it is not valid YAML."""
    template: dict[str, Node] = yaml.load(path.read_text(), CloudFormationLoader)  # noqa: S506 - a SafeLoader
    return template
