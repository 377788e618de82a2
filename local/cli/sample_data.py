"""HR's sample employees, and the registered callers, in the tables of the deployed stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.cli import aws, client_secrets
from local.cli.paths import PROJECT

if TYPE_CHECKING:
    from local.cli.settings import LocalSettings


def sample_employees() -> list[dict[str, str]]:
    """HR's records, each with the `email` that the identity provider has for the employee."""
    users = json.loads((PROJECT / "local" / "identity_provider" / "users.json").read_text())
    emails = {f"auth0|{user['user_id']}": user["email"] for user in users}
    records = json.loads((PROJECT / "local" / "employees.json").read_text())
    return [record | {"email": emails[record["id"]]} for record in records]


def store_employees(settings: LocalSettings, table: str) -> None:
    dynamodb = aws.session().client("dynamodb", endpoint_url=settings.aws_url)
    for employee in sample_employees():
        item = {name: {"S": value} for name, value in employee.items() if name != "email"}
        dynamodb.put_item(TableName=table, Item=item)


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
