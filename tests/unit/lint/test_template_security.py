"""The check of `make lint` that compares what checkov finds with the exceptions in the template."""

from typing import Any

import pytest

from lint.template_security import Violation, complaints, exceptions, without_conditions

QUEUE = Violation("Queue", "CKV_AWS_27")
NAMES = {QUEUE: "Ensure all data stored in the SQS queue is encrypted"}


def template_with(**resource: Any) -> dict[str, Any]:
    return {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", **resource}}}


def skipping(**entry: str) -> dict[str, Any]:
    return template_with(Metadata={"checkov": {"skip": [entry]}})


def test_violation_with_an_exception_is_quiet() -> None:
    declared = exceptions(skipping(id="CKV_AWS_27", comment="holds ids"))
    assert list(complaints(NAMES, declared)) == []


def test_violation_without_an_exception_is_named() -> None:
    [line] = complaints(NAMES, exceptions(template_with()))
    assert line == "template.yaml: Queue: CKV_AWS_27: Ensure all data stored in the SQS queue is encrypted"


def test_exception_that_nothing_needs_is_named() -> None:
    [line] = complaints({}, {QUEUE})
    assert line == "template.yaml: Queue: the exception CKV_AWS_27 is not needed any more"


def test_exception_needs_a_reason() -> None:
    assert exceptions(skipping(id="CKV_AWS_27", comment="")) == set()
    with pytest.raises(KeyError):
        exceptions(skipping(id="CKV_AWS_27"))


def test_checkov_sees_statements_under_any_condition_and_no_exception() -> None:
    """It skips a whole policy in which a statement is conditional."""
    one, other, always = {"Action": "a:B"}, {"Action": "c:D"}, {"Action": "e:F"}
    conditional = [
        always,
        {"Fn::If": ["HasKey", one, {"Ref": "AWS::NoValue"}]},
        {"Fn::If": ["UsesKeys", one, other]},
    ]
    policies = [{"PolicyDocument": {"Statement": conditional}}]
    checked = without_conditions(template_with(Metadata={"checkov": {}}, Properties={"Policies": policies}))
    assert checked["Resources"]["Queue"] == {
        "Type": "AWS::SQS::Queue",
        "Properties": {"Policies": [{"PolicyDocument": {"Statement": [always, one, one, other]}}]},
    }
