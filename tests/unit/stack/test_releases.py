"""Versions and aliases: what a deployment publishes, and that every invoker names the alias (docs/adr/0031)."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.sam_transform import transformed

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

type Resources = dict[str, Any]

OF_EACH_FUNCTION = {
    "AutoPublishAlias": "live",
    "AutoPublishAliasAllProperties": True,
    "VersionDescription": {"Ref": "Release"},
    "VersionDeletionPolicy": "Delete",
}


@pytest.fixture(scope="module")
def resources(stack: Stack) -> Resources:
    return transformed(stack.template)


def of(resources: Resources, kind: str) -> Resources:
    return {name: resource for name, resource in resources.items() if resource["Type"] == kind}


def alias_of(function: str) -> dict[str, str]:
    return {"Ref": f"{function}Aliaslive"}


def test_each_function_has_an_alias_of_its_newest_version(stack: Stack, resources: Resources) -> None:
    aliases, versions = of(resources, "AWS::Lambda::Alias"), of(resources, "AWS::Lambda::Version")
    assert set(aliases) == {f"{function}Aliaslive" for function in stack.functions}
    published = {alias["Properties"]["FunctionVersion"]["Fn::GetAtt"][0] for alias in aliases.values()}
    assert published == set(versions)
    assert len(versions) == len(stack.functions)


def test_function_publishes_in_the_one_way(stack: Stack) -> None:
    for function in stack.functions.values():
        assert OF_EACH_FUNCTION.items() <= function.items()


def test_each_invoker_names_the_alias(stack: Stack, resources: Resources) -> None:
    """An invoker of the function itself would run code that no canary has let pass, also after a rollback."""
    permissions = [p["Properties"]["FunctionName"] for p in of(resources, "AWS::Lambda::Permission").values()]
    mappings = [m["Properties"]["FunctionName"] for m in of(resources, "AWS::Lambda::EventSourceMapping").values()]
    tasks = resources["ApprovalStateMachine"]["Properties"]["DefinitionSubstitutions"]
    aliases = [alias_of(function) for function in stack.functions]
    assert all(named in aliases for named in [*permissions, *mappings])
    assert tasks == {f"{name.removesuffix('Arn')}Arn": alias_of(name.removesuffix("Arn")) for name in tasks}
    bodies = json.dumps([api["Properties"]["Body"] for api in of(resources, "AWS::ApiGatewayV2::Api").values()])
    invoked = set(re.findall(r"functions/(\S+?)/invocations", bodies))
    assert invoked == {f"${{{name}FunctionAliaslive}}" for name in ("Agent", "HrApi", "EmployeePage")}


def test_execution_from_before_the_aliases_still_calls_its_functions(stack: Stack) -> None:
    """It keeps its definition, and the role at once has the new rights: without these its request would fail."""
    tasks = stack.properties("ApprovalStateMachine")["DefinitionSubstitutions"]
    allowed = [resource for _, resource in stack.granted("ApprovalStateMachine", "lambda")]
    functions = [name.removesuffix("Arn") for name in tasks]
    assert allowed == [*tasks.values(), *({"Fn::GetAtt": f"{function}.Arn"} for function in functions)]


def test_change_of_the_layer_alone_publishes_each_function(stack: Stack, resources: Resources) -> None:
    changed = copy.deepcopy(stack.template)
    changed["Resources"]["SharedLayer"]["Properties"]["ContentUri"] = "another"
    before, after = (set(of(each, "AWS::Lambda::Version")) for each in (resources, transformed(changed)))
    assert not before & after


def test_another_release_publishes_each_function(resources: Resources) -> None:
    """By its description, which CloudFormation replaces a version for; Lambda also wants a change of the function."""
    for version in of(resources, "AWS::Lambda::Version").values():
        assert version["Properties"]["Description"] == {"Ref": "Release"}
    for function in of(resources, "AWS::Lambda::Function").values():
        assert function["Properties"]["Environment"]["Variables"]["RELEASE"] == {"Ref": "Release"}


def test_old_versions_are_deleted(resources: Resources) -> None:
    assert {v["DeletionPolicy"] for v in of(resources, "AWS::Lambda::Version").values()} == {"Delete"}


def test_snapshots_are_of_the_agent_and_by_choice(stack: Stack) -> None:
    """Its package alone has the hooks; another function would resume with the same random numbers everywhere."""
    assert stack.template["Parameters"]["SnapStart"]["Default"] == "None"
    snapshots = {name: f["SnapStart"] for name, f in stack.functions.items() if "SnapStart" in f}
    assert snapshots == {"AgentFunction": {"ApplyOn": {"Ref": "SnapStart"}}}
