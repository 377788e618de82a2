"""HR's records in local/employees.json: those of the stand-in's users, or a developer's own."""

import json
from pathlib import Path

import pytest

from local.cli import sample_data
from local.cli.sample_data import sample_employees
from local.errors import LocalError

OWN = {
    "id": "waad|ana",
    "name": "Ana Dias",
    "title": "Engineer",
    "department": "Platform",
    "status": "active",
    "start_date": "2024-04-01",
}


@pytest.fixture
def employees(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    file = tmp_path / "employees.json"
    monkeypatch.setattr(sample_data, "EMPLOYEES", file)
    return file


def test_shipped_records_have_the_addresses_of_the_sample_users() -> None:
    assert {employee.name: employee.email for employee in sample_employees()}["John Doe"] == "jdoe@staff0.com"


def test_own_user_needs_no_address(employees: Path) -> None:
    employees.write_text(json.dumps([OWN, OWN | {"id": "waad|rui", "email": "rui@example.com"}]))
    assert [(e.id, e.email) for e in sample_employees()] == [("waad|ana", None), ("waad|rui", "rui@example.com")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[{", "Invalid JSON"),
        (json.dumps([OWN, OWN | {"status": "retired"}]), "record 2 status: Input should be 'active'"),
        (json.dumps([{"id": "waad|ana"}]), "record 1 name: Field required"),
        (json.dumps([OWN | {"departement": "Platform"}]), "record 1 departement: Extra inputs are not permitted"),
    ],
)
def test_wrong_record_is_named(employees: Path, text: str, message: str) -> None:
    employees.write_text(text)
    with pytest.raises(LocalError, match=message):
        sample_employees()
