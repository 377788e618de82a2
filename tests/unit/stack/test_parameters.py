"""parameters.example.yaml names every parameter that a stack in the cloud has, and no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from tests.support.stack_template import PROJECT

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

EXAMPLE: Final = (PROJECT / "parameters.example.yaml").read_text()
_OF_THIS_MACHINE: Final = {"AwsEndpointUrl", "LoopbackWebhooks"}
_COMMENTED_OUT: Final = re.compile(r"^# (?=[A-Za-z0-9]+: )", re.MULTILINE)


def given(text: str) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load(text)
    return values


def test_example_has_each_parameter(stack: Stack) -> None:
    every = given(_COMMENTED_OUT.sub("", EXAMPLE))
    assert set(every) == set(stack.template["Parameters"]) - _OF_THIS_MACHINE


def test_example_gives_what_has_no_usable_default(stack: Stack) -> None:
    secrets = {"CibaClientSecret", "DirectoryClientSecret"}  # template.yaml, Rules
    required = {name for name, parameter in stack.template["Parameters"].items() if "Default" not in parameter}
    assert set(given(EXAMPLE)) == required | secrets


def test_values_of_the_example_are_accepted(stack: Stack) -> None:
    for name, value in given(_COMMENTED_OUT.sub("", EXAMPLE)).items():
        described = stack.template["Parameters"][name]
        assert re.search(described.get("AllowedPattern", ""), str(value)), name
        assert str(value) in map(str, described.get("AllowedValues", [value])), name


def test_file_with_secrets_is_ignored_by_git() -> None:
    assert "/parameters.yaml" in (PROJECT / ".gitignore").read_text().splitlines()
