"""An operator registers, limits, stops and forgets callers."""

from __future__ import annotations

import pytest

from tests.unit.operations.conftest import Operate


def test_a_registered_caller_is_listed_with_its_quotas_and_switches(operate: Operate) -> None:
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
def test_no_two_clients_are_called_the_same(operate: Operate, name: str) -> None:
    """By the name on the phone employees tell who asks."""
    operate("callers", "add", "id-1", "acme")
    code, _, told = operate("callers", "add", "id-2", name)
    assert (code, told) == (1, f"operations: Another client is called {name} already.\n")
    assert operate("callers", "add", "id-1", "acme", "--pushes-per-hour", "5")[0] == 0


def test_a_change_of_quotas_does_not_switch_a_caller_on(operate: Operate) -> None:
    operate("callers", "add", "id-1", "acme")
    operate("callers", "off", "acme")
    assert operate("callers", "add", "id-1", "acme")[1] == "acme is registered, and switched off.\n"
    assert " off id-1" in operate("callers", "list")[1]


@pytest.mark.parametrize("name", ["two words", "x" * 25, "acme:ABC", ""])
def test_a_name_that_does_not_fit_a_phone_is_refused(operate: Operate, name: str) -> None:
    assert operate("callers", "add", "id-1", name)[0] == 1
    assert operate("callers", "list")[1] == ""


def test_who_is_nobodys_name_is_said(operate: Operate) -> None:
    assert operate("callers", "off", "initech") == (1, "", "operations: Nobody is registered as initech.\n")


def test_a_quota_is_a_positive_number(operate: Operate) -> None:
    with pytest.raises(SystemExit) as left:
        operate("callers", "add", "id-1", "acme", "--pushes-per-hour", "0")
    assert left.value.code == 2
