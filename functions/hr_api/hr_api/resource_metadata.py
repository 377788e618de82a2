"""Public metadata of this API's resources (RFC 9728): which authorization server issues a token, for which scope."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from staff0.authorization_details import TYPE
from staff0.protected_resource import WELL_KNOWN, ProtectedResource, metadata_url, resource_url
from staff0.request_origin import request_origin

from hr_api.errors import Problem

_PROBLEM: Final[dict[str, Any]] = {"content": {"application/problem+json": {"schema": Problem.model_json_schema()}}}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    404: {"description": "No URL of this API has this path.", **_PROBLEM},
    421: {"description": "This API is not served at this host name.", **_PROBLEM},
}


class Metadata(BaseModel):
    """Protected-resource metadata (RFC 9728 2), the members that this API uses."""

    resource: str
    resource_name: str
    authorization_servers: list[str]
    scopes_supported: list[str]
    bearer_methods_supported: list[str]
    audience: str
    authorization_details_types_supported: list[str]


@dataclass(frozen=True)
class ResourceMetadata:
    """`configured` is this API's base URL if it is not the one of API Gateway."""

    resource: ProtectedResource
    configured: str = ""

    def url(self, request: Request) -> str | None:
        """The URL of the metadata of the requested resource; None at an unknown host name."""
        base_url = self._base_url(request)
        return metadata_url(base_url, request.scope["path"]) if base_url else None

    def read(self, request: Request) -> dict[str, object]:
        base_url = self._base_url(request)
        if base_url is None:
            raise HTTPException(HTTPStatus.MISDIRECTED_REQUEST, "This API is not served at this address.")
        resource = resource_url(base_url, request.scope["path"])
        return self.resource.metadata(resource, authorization_details_types_supported=[TYPE])

    def _base_url(self, request: Request) -> str | None:
        return self.configured.rstrip("/") or request_origin(request.scope)


def metadata_router(metadata: ResourceMetadata) -> APIRouter:
    router = APIRouter()
    for path, name in ((WELL_KNOWN, "ApiMetadata"), (f"{WELL_KNOWN}/{{path:path}}", "ResourceMetadata")):
        _add(router, path, name, metadata)
    return router


def _add(router: APIRouter, path: str, name: str, metadata: ResourceMetadata) -> None:
    async def read_metadata(request: Request) -> Response:
        """Returns the metadata of the API, or of the URL with this path (RFC 9728 3.1)."""
        return JSONResponse(metadata.read(request), headers={"Cache-Control": "public, max-age=300"})

    for method in ("GET", "HEAD"):
        router.add_api_route(
            path,
            read_metadata,
            methods=[method],
            operation_id=f"{method.capitalize()}{name}",
            response_model=Metadata,
            responses=_RESPONSES,
        )
