"""HR's sample employees, and the registered callers, in the tables of the deployed stack."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from local.cli import aws, client_secrets
from local.cli.paths import PROJECT, USERS
from local.errors import LocalError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from local.cli.settings import LocalSettings

EMPLOYEES: Final = PROJECT / "local" / "employees.json"

type Filled = Annotated[str, StringConstraints(min_length=1)]


class HrRecord(BaseModel):
    """An employee in local/employees.json, with the fields that the HR API requires.

    `id` is the user's id at the identity provider. `email` is only for the file .local/stack.json: the table has none.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: Annotated[str, StringConstraints(pattern=r"^\S+$")]
    name: Filled
    title: Filled
    department: Filled
    status: Literal["active", "on_leave", "terminated"]
    start_date: date
    email: Filled | None = None


def sample_employees() -> list[HrRecord]:
    """HR's records. An employee without `email` gets that of the sample user with the same id, if there is one.

    Raises LocalError, which names the record and the field that is wrong.
    """
    try:
        records = TypeAdapter(list[HrRecord]).validate_json(EMPLOYEES.read_bytes())
    except ValidationError as error:
        raise LocalError(f"local/employees.json: {'; '.join(map(_describe, error.errors()))}") from None
    emails = {f"auth0|{user['user_id']}": user["email"] for user in json.loads(USERS.read_text())}
    return [record.model_copy(update={"email": record.email or emails.get(record.id)}) for record in records]


def _describe(error: ErrorDetails) -> str:
    """Names a record by its place, counted from 1: it may have no id."""
    place = " ".join(f"record {part + 1}" if isinstance(part, int) else str(part) for part in error["loc"])
    return f"{place}: {error['msg']}".removeprefix(": ")


def store_employees(settings: LocalSettings, table: str) -> None:
    dynamodb = aws.session().client("dynamodb", endpoint_url=settings.aws_url)
    for employee in sample_employees():
        fields = employee.model_dump(mode="json", exclude={"email"})
        dynamodb.put_item(TableName=table, Item={name: {"S": value} for name, value in fields.items()})


def register_callers(settings: LocalSettings, table: str) -> None:
    """Adds the callers, like `python -m operations callers add`. A registered caller keeps its quotas and switches."""
    dynamodb = aws.session().client("dynamodb", endpoint_url=settings.aws_url)
    clients = client_secrets.configured_clients(settings)
    for name in client_secrets.CALLERS:
        caller = clients.get(client_secrets.caller_client(name))
        if caller:
            key = {"client_id": {"S": caller["client_id"]}}
            if "Item" not in dynamodb.get_item(TableName=table, Key=key):
                dynamodb.put_item(TableName=table, Item={**key, "name": {"S": name}, "enabled": {"BOOL": True}})
