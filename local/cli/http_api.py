"""Routes, integrations and authorizers of an HTTP API, from the OpenAPI document in the template."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client

    from local.cli.intrinsic_functions import Resolver

type Resource = dict[str, Any]

_ALIAS: Final = re.compile(r"functions/\$\{(\w+)\}/invocations")
_METHODS: Final = {"x-amazon-apigateway-any-method": "ANY"}


@dataclass(frozen=True)
class HttpApi:
    """One HTTP API. `body` is its OpenAPI document."""

    apis: ApiGatewayV2Client
    resolver: Resolver
    api_id: str
    body: Resource

    def apply(self) -> None:
        """Creates or updates all routes of the document, and deletes every other route."""
        authorizers = self._authorizers()
        integrations = self._integrations()
        remaining = {route["RouteKey"]: route["RouteId"] for route in self.apis.get_routes(ApiId=self.api_id)["Items"]}
        for key, operation in self._operations():
            arn = self._alias_arn(operation)
            if arn not in integrations:
                integrations[arn] = self._create_integration(arn)
            authorization = route_authorization(operation.get("security", []), authorizers)
            self._put_route(key, remaining.pop(key, None), f"integrations/{integrations[arn]}", authorization)
        for route_id in remaining.values():
            self.apis.delete_route(ApiId=self.api_id, RouteId=route_id)

    def _operations(self) -> list[tuple[str, Resource]]:
        return [
            (route_key(path, method), operation)
            for path, operations in self.body["paths"].items()
            for method, operation in operations.items()
        ]

    def _put_route(self, key: str, route_id: str | None, target: str, authorization: dict[str, Any]) -> None:
        route: dict[str, Any] = {"ApiId": self.api_id, "RouteKey": key, "Target": target, **authorization}
        if route_id is None:
            self.apis.create_route(**route)
        else:
            self.apis.update_route(RouteId=route_id, **route)

    def _authorizers(self) -> dict[str, str]:
        """Creates or updates the authorizers. Returns authorizer name → id."""
        existing = {a["Name"]: a["AuthorizerId"] for a in self.apis.get_authorizers(ApiId=self.api_id)["Items"]}
        schemes = self.body.get("components", {}).get("securitySchemes", {})
        return {name: self._put_authorizer(name, scheme, existing.get(name)) for name, scheme in schemes.items()}

    def _put_authorizer(self, name: str, scheme: Resource, authorizer_id: str | None) -> str:
        wanted = scheme["x-amazon-apigateway-authorizer"]
        jwt = self.resolver.resolve(wanted["jwtConfiguration"])
        properties: dict[str, Any] = {
            "ApiId": self.api_id,
            "AuthorizerType": "JWT",
            "IdentitySource": [wanted["identitySource"]],
            "JwtConfiguration": {"Issuer": jwt["issuer"], "Audience": jwt["audience"]},
            "Name": name,
        }
        if authorizer_id is None:
            return self.apis.create_authorizer(**properties)["AuthorizerId"]
        self.apis.update_authorizer(AuthorizerId=authorizer_id, **properties)
        return authorizer_id

    def _integrations(self) -> dict[str, str]:
        """ARN of a function's alias → id of the existing integration."""
        found = self.apis.get_integrations(ApiId=self.api_id)["Items"]
        return {integration["IntegrationUri"]: integration["IntegrationId"] for integration in found}

    def _create_integration(self, arn: str) -> str:
        created = self.apis.create_integration(
            ApiId=self.api_id, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
        )
        return created["IntegrationId"]

    def _alias_arn(self, operation: Resource) -> str:
        uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
        [logical_id] = _ALIAS.findall(uri)
        return self.resolver.physical_id(logical_id)


def route_key(path: str, method: str) -> str:
    """API Gateway's name of a route, e.g. `GET /tasks`, from path and method in the OpenAPI document."""
    return "$default" if path.lstrip("/") == "$default" else f"{_METHODS.get(method, method.upper())} {path}"


def route_authorization(security: list[dict[str, list[str]]], authorizers: dict[str, str]) -> dict[str, Any]:
    """A route's authorization properties. For a public route SAM writes the name `NONE`, which no authorizer has."""
    for name, scopes in [pair for requirement in security for pair in requirement.items()]:
        if name in authorizers:
            return {"AuthorizationType": "JWT", "AuthorizerId": authorizers[name], "AuthorizationScopes": scopes}
    return {"AuthorizationType": "NONE", "AuthorizationScopes": []}
