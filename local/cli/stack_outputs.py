"""What the deployed stack is made of, and the files that tell others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.cli import aws, client_secrets
from local.cli.deployment import STACK_NAME
from local.cli.paths import API_IDS, PROJECT, SAM_LOCAL_ENV, STACK
from local.cli.private_files import write_private

if TYPE_CHECKING:
    from local.cli.settings import LocalSettings

_FUNCTIONS = {
    "AgentFunction",
    "HrApiFunction",
    "RequestApprovalFunction",
    "PollApprovalFunction",
    "ReadEmploymentFunction",
    "FailTaskFunction",
    "FanOutFunction",
    "DeliverFunction",
}
_HOST_OF_CONTAINERS = "host.docker.internal"


def outputs(settings: LocalSettings) -> dict[str, str]:
    cloudformation = aws.session().client("cloudformation", endpoint_url=settings.aws_url)
    [stack] = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def employees() -> list[dict[str, str]]:
    """HR's sample employees, each with the address the tenant knows them by."""
    users = json.loads((PROJECT / "local" / "identity_provider" / "users.json").read_text())
    emails = {f"auth0|{user['user_id']}": user["email"] for user in users}
    records = json.loads((PROJECT / "local" / "employees.json").read_text())
    return [record | {"email": emails[record["id"]]} for record in records]


def seed(settings: LocalSettings, table: str) -> None:
    dynamodb = aws.session().client("dynamodb", endpoint_url=settings.aws_url)
    for employee in employees():
        item = {name: {"S": value} for name, value in employee.items() if name != "email"}
        dynamodb.put_item(TableName=table, Item=item)


def register_callers(settings: LocalSettings, table: str) -> None:
    """As `python -m operations callers add` does it; quotas and switches that are there already stay."""
    dynamodb = aws.session().client("dynamodb", endpoint_url=settings.aws_url)
    known = client_secrets.known_clients(settings)
    for name in client_secrets.CALLERS:
        caller = known.get(client_secrets.caller_client(name))
        if caller:
            key = {"client_id": {"S": caller["client_id"]}}
            if "Item" not in dynamodb.get_item(TableName=table, Key=key):
                dynamodb.put_item(TableName=table, Item={**key, "name": {"S": name}, "enabled": {"BOOL": True}})


def write_api_ids(settings: LocalSettings, found: dict[str, str]) -> None:
    """Tells the emulator's fronts which API answers at which port."""
    ids = {str(settings.agent_port): found["AgentApiId"], str(settings.hr_api_port): found["HrApiId"]}
    API_IDS.write_text(json.dumps(ids))


def write_stack_file(settings: LocalSettings, found: dict[str, str]) -> None:
    known = client_secrets.known_clients(settings)
    callers = {name: known.get(client_secrets.caller_client(name)) for name in client_secrets.CALLERS}
    stack = {
        "agent_url": settings.agent_url,
        "hr_api_url": settings.hr_api_url,
        "issuer": settings.issuer,
        "phone_url": "" if settings.has_real_tenant else settings.phone_url,
        "aws_endpoint_url": settings.aws_url,
        "region": aws.REGION,
        "tasks_table": found["TasksTableName"],
        "employees_table": found["EmployeesTableName"],
        "state_machine_arn": found["StateMachineArn"],
        "agent_audience": settings.hr_agent_auth0_audience,
        "hr_api_audience": settings.hr_api_auth0_audience,
        "clients": {name: credentials for name, credentials in callers.items() if credentials},
        "employees": [
            {"name": e["name"], "email": e["email"], "sub": e["id"], "status": e["status"]} for e in employees()
        ],
    }
    write_private(STACK, json.dumps(stack, indent=2))


def write_sam_local_env(settings: LocalSettings) -> None:
    """Variables for `sam local --env-vars`: the deployed functions' own, at addresses that containers reach."""
    functions = aws.session().client("lambda", endpoint_url=settings.aws_url)
    resources = aws.session().client("cloudformation", endpoint_url=settings.aws_url)
    pages = resources.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    names = {r["LogicalResourceId"]: r["PhysicalResourceId"] for page in pages for r in page["StackResourceSummaries"]}
    wanted: dict[str, dict[str, str]] = {}
    for logical_id in sorted(_FUNCTIONS):
        configuration = functions.get_function_configuration(FunctionName=names[logical_id])
        wanted[logical_id] = configuration["Environment"]["Variables"] | _for_containers(settings)
    write_private(SAM_LOCAL_ENV, json.dumps(wanted, indent=2))


def _for_containers(settings: LocalSettings) -> dict[str, str]:
    """The issuer stays as it is: a token's iss is compared as a string. Only where it is reached changes."""
    tenant = (
        {} if settings.has_real_tenant else {"AUTH0_BASE_URL": f"http://{_HOST_OF_CONTAINERS}:{settings.tenant_port}/"}
    )
    return tenant | {
        "AWS_ENDPOINT_URL": f"http://{_HOST_OF_CONTAINERS}:{settings.aws_port}",
        "AGENT_BASE_URL": f"http://127.0.0.1:{settings.sam_local_port}",
    }
