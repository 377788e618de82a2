"""An operator registers, limits, switches off and removes callers."""

from __future__ import annotations

import pytest

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


def test_unknown_caller_is_an_error(operate: Operate) -> None:
    assert operate("callers", "off", "initech") == (1, "", "operations: No caller is registered as initech.\n")


def test_quota_must_be_positive(operate: Operate) -> None:
    with pytest.raises(SystemExit) as exit_info:
        operate("callers", "add", "id-1", "acme", "--pushes-per-hour", "0")
    assert exit_info.value.code == 2
