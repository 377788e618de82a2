"""After the whole suite no key of a table names a person, and none is a hash that could be found by trying."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support.persons_in_tables import Item, guessable_keys, persons_in
from tests.support.system import Employee, System

pytestmark = pytest.mark.alone  # comes last, so that it sees the items of all other modules

UNKNOWN = f"u{uuid.uuid4().hex}@staff0.com"
LONG_NAME = 5  # characters; a shorter one may occur in a random id


@pytest.fixture(scope="module")
def employee(system: System) -> Employee:
    """An employee who was asked by address and by id, beside an address that no user has."""
    caller, employee = system.caller(), system.hire()

    async def flows() -> None:
        await caller.verification(employee.question, "approve")
        await caller.verification(f"Is {employee.sub} still employed?", "deny")
        await caller.asked(f"Does Nora Body with email {UNKNOWN} work at Staff0?")

    asyncio.run(flows())
    return employee


@pytest.fixture(scope="module")
def items(system: System, employee: Employee) -> list[Item]:
    """All items of all tables but HR's own."""
    assert employee.sub
    with closing(system.aws("dynamodb")) as dynamodb:
        tables = [name for name in dynamodb.list_tables()["TableNames"] if name != system.stack["employees_table"]]
        return [item for table in tables for item in _scan(dynamodb, table)]


def _scan(dynamodb: object, table: str) -> Iterator[Item]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):  # type: ignore[attr-defined]
        yield from ({"pk": {"S": ""}, "sk": {"S": ""}, **item} for item in page["Items"])


def test_no_key_names_a_person(system: System, items: list[Item]) -> None:
    with closing(system.aws("dynamodb")) as dynamodb:
        records = list(_scan(dynamodb, system.stack["employees_table"]))
    names = [record["name"]["S"] for record in records]
    last_names = [name.rsplit(" ", 1)[-1] for name in names]
    ids = [record["id"]["S"].partition("|")[2] for record in records]
    assert len(items) > len(records) > 5
    assert persons_in(items, [*names, *ids, *(name for name in last_names if len(name) >= LONG_NAME)]) == []


def test_no_key_is_a_hash_without_a_secret(system: System, items: list[Item], employee: Employee) -> None:
    keys = " ".join(f"{item['pk']['S']} {item['sk']['S']}" for item in items)
    owners = {item["owner"]["S"] for item in items if "owner" in item}
    subjects = (employee.email, employee.sub, UNKNOWN)
    guesses = [guess for owner in owners for subject in subjects for guess in guessable_keys(owner, subject)]
    assert len(owners) > 0
    assert [guess for guess in guesses if guess in keys] == []
