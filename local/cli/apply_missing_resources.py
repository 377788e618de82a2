"""Applies what the emulator ignores in a template: routes and authorizers of HTTP APIs, and time to live of tables.

All values come from the processed template of the deployed stack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cli.http_api import HttpApi, Resource
from local.cli.intrinsic_functions import Resolver

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_dynamodb import DynamoDBClient


def apply_missing_resources(session: boto3.Session, endpoint_url: str, stack_name: str) -> None:
    """Creates or updates these resources of a stack. Repeated calls change nothing."""
    cloudformation = session.client("cloudformation", endpoint_url=endpoint_url)
    template = cloudformation.get_template(StackName=stack_name, TemplateStage="Processed")["TemplateBody"]
    resources: dict[str, Resource] = template["Resources"]
    resolver = Resolver.of_stack(cloudformation, stack_name, template)
    apis = session.client("apigatewayv2", endpoint_url=endpoint_url)
    dynamodb = session.client("dynamodb", endpoint_url=endpoint_url)
    for logical_id, resource in resources.items():
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            body = resource["Properties"]["Body"]
            HttpApi(apis, resolver, resolver.physical_id(logical_id), body).apply()
        if resource["Type"] == "AWS::DynamoDB::Table":
            _apply_time_to_live(dynamodb, resolver.physical_id(logical_id), resource["Properties"])


def _apply_time_to_live(dynamodb: DynamoDBClient, table: str, properties: Resource) -> None:
    wanted = properties.get("TimeToLiveSpecification")
    if not wanted:
        return
    current = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if current.get("TimeToLiveStatus") != "ENABLED":
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)
