"""An operator registers, limits, switches off and removes callers."""

from __future__ import annotations

import pytest
from staff0.caller_registry import CallerRegistry, RegisteredCaller

from operations.deployed_stack import Stack
from tests.support.operator_command import Operate


def test_list_shows_quotas_and_switches(operate: Operate) -> None:
    assert operate("callers", "add", "id-2", "globex") == (0, "globex may ask.\n", "")
    assert operate("callers", "add", "id-1", "acme", "--employees-per-day", "50")[0] == 0
    assert operate("callers", "off", "globex")[0] == 0
    lines = operate("callers", "list")[1].splitlines()
    assert [line.split() for line in lines] == [
        ["acme", "on", "id-1", "employees_per_day=50"],
        ["globex", "off", "id-2"],
    ]
    assert operate("callers", "on", "id-2")[0] == 0
    assert " on  id-2" in operate("callers", "list")[1]
    assert operate("callers", "remove", "acme")[0] == 0
    assert "acme" not in operate("callers", "list")[1]


@pytest.mark.parametrize("name", ["acme", "ACME"])
def test_name_is_unique(operate: Operate, name: str) -> None:
    """Employees recognise the caller by its name on the phone."""
    operate("callers", "add", "id-1", "acme")
    code, _, message = operate("callers", "add", "id-2", name)
    assert (code, message) == (1, f"operations: Another client already has the name {name}.\n")
    assert operate("callers", "add", "id-1", "acme", "--pushes-per-hour", "5")[0] == 0


def test_new_quotas_keep_caller_off(operate: Operate) -> None:
    operate("callers", "add", "id-1", "acme")
    operate("callers", "off", "acme")
    assert operate("callers", "add", "id-1", "acme")[1] == "acme is registered, but switched off.\n"
    assert " off id-1" in operate("callers", "list")[1]


@pytest.mark.parametrize("name", ["two words", "x" * 25, "acme:ABC", ""])
def test_invalid_name_is_rejected(operate: Operate, name: str) -> None:
    assert operate("callers", "add", "id-1", name)[0] == 1
    assert operate("callers", "list")[1] == ""


RESERVED = (
    "Staff0 staff0 STAFF0 staffO Staff-0 s.t.a.f.f.0 Staff0-HR Staff0HR my.staff0 x_StaffO_ "
    "auth0 AuthO Guardian hr HR-desk"
)


@pytest.mark.parametrize("name", RESERVED.split())
def test_reserved_name_is_rejected(operate: Operate, name: str) -> None:
    """Employees would take the caller for the company itself: the phone would read "Staff0:Staff0:CODE"."""
    code, _, message = operate("callers", "add", "id-1", name)
    assert code == 1
    assert "reserved" in message
    assert operate("callers", "list")[1] == ""


@pytest.mark.parametrize("name", ["acme", "staffordshire", "threshold", "author", "staff", "shr", "auth"])
def test_other_name_is_not_reserved(operate: Operate, name: str) -> None:
    assert operate("callers", "add", "id-1", name)[0] == 0


@pytest.mark.parametrize("client_id", ["", " ", "a b", "a\x1b[2J", "a\n", "\u202e", "ä", "a" * 256])
def test_invalid_client_id_is_rejected(operate: Operate, client_id: str) -> None:
    code, _, message = operate("callers", "add", client_id, "acme")
    assert code == 1
    assert "client id is 1 to 255" in message


def test_stored_control_characters_are_not_printed(operate: Operate, stack: Stack) -> None:
    registry = CallerRegistry(lambda: stack.client("dynamodb"), stack.output("CallersTableName"))
    registry.put(RegisteredCaller("id\x1b[2J", "acme\x07", True, {}))
    registry.put(RegisteredCaller("acme\x07", "b\x1b", True, {}))
    outputs = [operate("callers", verb, "acme\x07") for verb in ("on", "off", "remove")]
    outputs += [operate("callers", "list"), operate("callers", "off", "x\x1b"), operate("callers", "off", "b\x1b")]
    assert not [text for _, *texts in outputs for text in texts if set(text) & {"\x1b", "\x07"}]


def listed(operate: Operate) -> list[list[str]]:
    return [line.split() for line in operate("callers", "list")[1].splitlines()]


@pytest.mark.parametrize("verb", ["off", "on", "remove"])
def test_word_for_two_callers_changes_neither(operate: Operate, stack: Stack, verb: str) -> None:
    registry = CallerRegistry(lambda: stack.client("dynamodb"), stack.output("CallersTableName"))
    registry.put(RegisteredCaller("X", "acme", True, {}))
    registry.put(RegisteredCaller("id-2", "X", False, {}))
    before = listed(operate)
    code, _, message = operate("callers", verb, "X")
    assert code == 1
    assert "acme (X)" in message
    assert "X (id-2)" in message
    assert listed(operate) == before
    assert operate("callers", verb, "acme")[0] == 0
    assert operate("callers", verb, "id-2")[0] == 0


def test_client_id_of_one_caller_cannot_be_the_name_of_another(operate: Operate) -> None:
    operate("callers", "add", "id-1", "acme")
    assert operate("callers", "add", "id-2", "ID-1")[0] == 1
    assert operate("callers", "add", "Acme", "globex")[0] == 1
    assert operate("callers", "add", "globex", "globex")[0] == 0


def test_quota_that_is_not_given_stays(operate: Operate) -> None:
    operate("callers", "add", "id-1", "acme", "--employees-per-day", "50", "--pushes-per-hour", "5")
    operate("callers", "add", "id-1", "acme2")
    assert listed(operate) == [["acme2", "on", "id-1", "employees_per_day=50", "pushes_per_hour=5"]]
    operate("callers", "add", "id-1", "acme2", "--pushes-per-hour", "7", "--employees-per-day", "default")
    assert listed(operate) == [["acme2", "on", "id-1", "pushes_per_hour=7"]]


def test_unknown_caller_is_an_error(operate: Operate) -> None:
    assert operate("callers", "off", "initech") == (1, "", "operations: No caller is registered as initech.\n")


def test_missing_table_is_a_sentence(operate: Operate, stack: Stack) -> None:
    stack.outputs["CallersTableName"] = "gone"
    code, _, message = operate("callers", "list")
    assert code == 1
    assert "A table of the stack does not exist" in message
    assert message.count("\n") == 1
