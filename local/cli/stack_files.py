"""Files in .local that describe the running stack: for the emulator, for clients and tests, and for `sam local`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.cli import aws, client_secrets
from local.cli.deploy import STACK_NAME
from local.cli.paths import API_IDS, SAM_LOCAL_ENV, STACK
from local.cli.private_files import write_private
from local.cli.sample_data import sample_employees

if TYPE_CHECKING:
    from local.cli.settings import LocalSettings

_FUNCTIONS = {
    "AgentFunction",
    "HrApiFunction",
    "EmployeePageFunction",
    "RequestApprovalFunction",
    "PollApprovalFunction",
    "ReadEmploymentFunction",
    "FailTaskFunction",
    "FanOutFunction",
    "DeliverFunction",
}
_HOST_OF_CONTAINERS = "host.docker.internal"


def stack_outputs(settings: LocalSettings) -> dict[str, str]:
    """Outputs of the deployed stack: key → value."""
    cloudformation = aws.session().client("cloudformation", endpoint_url=settings.aws_url)
    [stack] = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def write_api_ids(settings: LocalSettings, outputs: dict[str, str]) -> None:
    """Writes the emulator's file: port → id of the HTTP API behind it."""
    ids = {
        str(settings.agent_port): outputs["AgentApiId"],
        str(settings.hr_api_port): outputs["HrApiId"],
        str(settings.employee_page_port): outputs["EmployeePageApiId"],
    }
    write_private(API_IDS, json.dumps(ids))


def write_stack_file(settings: LocalSettings, outputs: dict[str, str]) -> None:
    """Writes .local/stack.json: URLs, table names, credentials of the callers, and the sample employees."""
    clients = client_secrets.configured_clients(settings)
    callers = {name: clients.get(client_secrets.caller_client(name)) for name in client_secrets.CALLERS}
    stack = {
        "agent_url": settings.agent_url,
        "hr_api_url": settings.hr_api_url,
        "employee_page_url": settings.employee_page_url,
        "issuer": settings.issuer,
        "phone_url": "" if settings.uses_auth0 else settings.phone_url,
        "aws_endpoint_url": settings.aws_url,
        "region": aws.REGION,
        "tasks_table": outputs["TasksTableName"],
        "employees_table": outputs["EmployeesTableName"],
        "state_machine_arn": outputs["StateMachineArn"],
        "agent_audience": settings.hr_agent_auth0_audience,
        "hr_api_audience": settings.hr_api_auth0_audience,
        "clients": {name: credentials for name, credentials in callers.items() if credentials},
        "employees": [
            {"name": e.name, "email": e.email, "sub": e.id, "status": e.status} for e in sample_employees() if e.email
        ],
    }
    write_private(STACK, json.dumps(stack, indent=2))


def write_sam_local_env(settings: LocalSettings) -> None:
    """Writes the file for `sam local --env-vars`: the deployed functions' variables, with URLs for containers."""
    functions = aws.session().client("lambda", endpoint_url=settings.aws_url)
    cloudformation = aws.session().client("cloudformation", endpoint_url=settings.aws_url)
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    names = {r["LogicalResourceId"]: r["PhysicalResourceId"] for page in pages for r in page["StackResourceSummaries"]}
    variables: dict[str, dict[str, str]] = {}
    for logical_id in sorted(_FUNCTIONS):
        configuration = functions.get_function_configuration(FunctionName=names[logical_id])
        variables[logical_id] = configuration["Environment"]["Variables"] | _container_urls(settings)
    write_private(SAM_LOCAL_ENV, json.dumps(variables, indent=2))


def _container_urls(settings: LocalSettings) -> dict[str, str]:
    """The issuer is not among them: functions compare it with a token's `iss`. AUTH0_BASE_URL is where to call it."""
    stand_in = (
        {} if settings.uses_auth0 else {"AUTH0_BASE_URL": f"http://{_HOST_OF_CONTAINERS}:{settings.tenant_port}/"}
    )
    return stand_in | {
        "AWS_ENDPOINT_URL": f"http://{_HOST_OF_CONTAINERS}:{settings.aws_port}",
        "AGENT_BASE_URL": f"http://127.0.0.1:{settings.sam_local_port}",
    }
