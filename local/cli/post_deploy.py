"""Makes good what the emulator drops from a template: routes and authorizers of the HTTP APIs, and time to live.

Everything is read from the processed template, so that this can never say anything the template does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from local.cli.intrinsic_functions import Resolver

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client
    from mypy_boto3_lambda import LambdaClient

type Resource = dict[str, Any]

_FUNCTION: Final = re.compile(r"\$\{(\w+)\.Arn\}")
_METHODS: Final = {"x-amazon-apigateway-any-method": "ANY"}


def complete(session: boto3.Session, endpoint_url: str, stack_name: str) -> None:
    """Repeatable: what is there already is brought in line."""
    cloudformation = session.client("cloudformation", endpoint_url=endpoint_url)
    template = cloudformation.get_template(StackName=stack_name, TemplateStage="Processed")["TemplateBody"]
    resources: dict[str, Resource] = template["Resources"]
    resolver = Resolver.of_stack(cloudformation, stack_name, template)
    apis = session.client("apigatewayv2", endpoint_url=endpoint_url)
    functions = session.client("lambda", endpoint_url=endpoint_url)
    for logical_id, resource in resources.items():
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            api = HttpApi(apis, functions, resolver, resolver.physical_id(logical_id), resource["Properties"]["Body"])
            api.complete()
    dynamodb = session.client("dynamodb", endpoint_url=endpoint_url)
    for logical_id, resource in resources.items():
        wanted = resource.get("Properties", {}).get("TimeToLiveSpecification")
        table = resource["Type"] == "AWS::DynamoDB::Table" and resolver.physical_id(logical_id)
        if wanted and table:
            now = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
            if now.get("TimeToLiveStatus") != "ENABLED":
                dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)


class HttpApi:
    """One HTTP API, as the OpenAPI document in the template describes it."""

    def __init__(
        self, apis: ApiGatewayV2Client, functions: LambdaClient, resolver: Resolver, api_id: str, body: Resource
    ) -> None:
        self._apis = apis
        self._functions = functions
        self._resolver = resolver
        self._api_id = api_id
        self._body = body

    def complete(self) -> None:
        """Routes, their integrations and authorizers as the document says; a route it no longer has is taken away."""
        authorizers = self._authorizers()
        integrations = self._integrations()
        stale = {route["RouteKey"]: route["RouteId"] for route in self._apis.get_routes(ApiId=self._api_id)["Items"]}
        for key, operation in self._operations():
            arn = self._function_arn(operation)
            if arn not in integrations:
                integrations[arn] = self._integration(arn)
            guard = guarded_by(operation.get("security", []), authorizers)
            self._put_route(key, stale.pop(key, None), f"integrations/{integrations[arn]}", guard)
        for route_id in stale.values():
            self._apis.delete_route(ApiId=self._api_id, RouteId=route_id)

    def _operations(self) -> list[tuple[str, Resource]]:
        return [
            (route_key(path, method), operation)
            for path, operations in self._body["paths"].items()
            for method, operation in operations.items()
        ]

    def _put_route(self, key: str, route_id: str | None, target: str, guard: dict[str, Any]) -> None:
        route: dict[str, Any] = {"ApiId": self._api_id, "RouteKey": key, "Target": target, **guard}
        if route_id is None:
            self._apis.create_route(**route)
        else:
            self._apis.update_route(RouteId=route_id, **route)

    def _authorizers(self) -> dict[str, str]:
        """Authorizer name → id; their issuer and audience follow the stack's parameters."""
        existing = {a["Name"]: a["AuthorizerId"] for a in self._apis.get_authorizers(ApiId=self._api_id)["Items"]}
        schemes = self._body.get("components", {}).get("securitySchemes", {})
        return {name: self._authorizer(name, scheme, existing.get(name)) for name, scheme in schemes.items()}

    def _authorizer(self, name: str, scheme: Resource, authorizer_id: str | None) -> str:
        wanted = scheme["x-amazon-apigateway-authorizer"]
        jwt = self._resolver.resolve(wanted["jwtConfiguration"])
        properties: dict[str, Any] = {
            "ApiId": self._api_id,
            "AuthorizerType": "JWT",
            "IdentitySource": [wanted["identitySource"]],
            "JwtConfiguration": {"Issuer": jwt["issuer"], "Audience": jwt["audience"]},
            "Name": name,
        }
        if authorizer_id is None:
            return self._apis.create_authorizer(**properties)["AuthorizerId"]
        self._apis.update_authorizer(AuthorizerId=authorizer_id, **properties)
        return authorizer_id

    def _integrations(self) -> dict[str, str]:
        """Function ARN → id of the integration that is there already."""
        found = self._apis.get_integrations(ApiId=self._api_id)["Items"]
        return {integration["IntegrationUri"]: integration["IntegrationId"] for integration in found}

    def _integration(self, arn: str) -> str:
        created = self._apis.create_integration(
            ApiId=self._api_id, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
        )
        return created["IntegrationId"]

    def _function_arn(self, operation: Resource) -> str:
        uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
        [logical_id] = _FUNCTION.findall(uri)
        name = self._resolver.physical_id(logical_id)
        return self._functions.get_function_configuration(FunctionName=name)["FunctionArn"]


def route_key(path: str, method: str) -> str:
    """API Gateway's name of a route, from its path and method in the OpenAPI document."""
    return "$default" if path.lstrip("/") == "$default" else f"{_METHODS.get(method, method.upper())} {path}"


def guarded_by(security: list[dict[str, list[str]]], authorizers: dict[str, str]) -> dict[str, Any]:
    """A route's authorization. SAM writes `NONE`, which is no authorizer's name, for a route that is open."""
    for name, scopes in [pair for requirement in security for pair in requirement.items()]:
        if name in authorizers:
            return {"AuthorizationType": "JWT", "AuthorizerId": authorizers[name], "AuthorizationScopes": scopes}
    return {"AuthorizationType": "NONE", "AuthorizationScopes": []}
