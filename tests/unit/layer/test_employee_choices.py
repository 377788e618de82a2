"""The employees' choices: what is off, and that every look-up is the same read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from staff0.employee_choices import Caller, EmployeeChoices, SwitchedOff

from tests.support.clock import FakeClock
from tests.support.read_counter import counted_reads

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ANA, BEN = "pseudonym-of-ana", "pseudonym-of-ben"
ACME, GLOBEX = Caller("acme-client", "acme"), Caller("globex-client", "globex")


@pytest.fixture
def choices(dynamodb: DynamoDBClient, choices_table: str, clock: FakeClock) -> EmployeeChoices:
    return EmployeeChoices(lambda: dynamodb, choices_table, clock)


def test_everyone_may_be_asked_at_first(choices: EmployeeChoices) -> None:
    assert not choices.forbid(ANA, "acme-client")
    assert choices.list_for(ANA) == []


def test_one_caller_is_off_for_one_employee(choices: EmployeeChoices) -> None:
    choices.switch_off(ANA, ACME)
    assert choices.forbid(ANA, "acme-client")
    assert not choices.forbid(ANA, "globex-client")
    assert not choices.forbid(BEN, "acme-client")


def test_all_callers_are_off(choices: EmployeeChoices) -> None:
    choices.switch_off(ANA, None)
    assert choices.forbid(ANA, "acme-client")
    assert choices.forbid(ANA, "a caller that is registered later")
    assert not choices.forbid(BEN, "acme-client")


def test_caller_stays_off_when_questions_are_on_again(choices: EmployeeChoices) -> None:
    for caller in (None, ACME):
        choices.switch_off(ANA, caller)
    choices.switch_on(ANA, None)
    assert choices.forbid(ANA, "acme-client")
    assert not choices.forbid(ANA, "globex-client")
    choices.switch_on(ANA, "acme-client")
    assert not choices.forbid(ANA, "acme-client")


def test_list_has_all_callers_first(choices: EmployeeChoices, clock: FakeClock) -> None:
    began = clock()
    choices.switch_off(ANA, GLOBEX)
    clock.advance(60)
    choices.switch_off(ANA, None)
    choices.switch_off(BEN, ACME)
    assert choices.list_for(ANA) == [SwitchedOff(None, began + timedelta(minutes=1)), SwitchedOff(GLOBEX, began)]


def test_no_client_id_passes_for_all_callers(choices: EmployeeChoices) -> None:
    choices.switch_off(ANA, Caller("ALL", "a caller with this id"))
    assert not choices.forbid(ANA, "acme-client")


def test_keys_that_were_not_read_are_read_again(choices: EmployeeChoices, dynamodb: DynamoDBClient) -> None:
    """DynamoDB may leave keys of a batch unread, and a choice among them must count."""
    choices.switch_off(ANA, ACME)
    answers: list[object] = []

    def leave_unread(parsed: dict[str, object], **_: object) -> None:
        answers.append(parsed)
        if len(answers) == 1:
            parsed.update(Responses={}, UnprocessedKeys={"choices": {"Keys": _all_keys(), "ConsistentRead": True}})

    dynamodb.meta.events.register_last("after-call.dynamodb.BatchGetItem", leave_unread)
    try:
        assert choices.forbid(ANA, "acme-client")
        assert len(answers) == 2
    finally:
        dynamodb.meta.events.unregister("after-call.dynamodb.BatchGetItem", leave_unread)


def test_look_up_is_one_read_for_everyone(choices: EmployeeChoices, dynamodb: DynamoDBClient) -> None:
    choices.switch_off(ANA, None)
    for about in (ANA, BEN, "pseudonym of an address without an employee"):
        with counted_reads(dynamodb) as reads:
            choices.forbid(about, "acme-client")
        assert reads.calls == 1


def _all_keys() -> list[dict[str, dict[str, str]]]:
    return [{"about": {"S": ANA}, "scope": {"S": scope}} for scope in ("ALL", "CALLER#acme-client")]
