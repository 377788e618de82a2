"""Public metadata of this API's resources (RFC 9728): which authorization server issues a token, for which scope."""

from dataclasses import dataclass
from http import HTTPStatus

from staff0.authorization_details import TYPE
from staff0.protected_resource import ProtectedResource, metadata_url, resource_url
from staff0.request_origin import request_origin
from starlette.exceptions import HTTPException
from starlette.requests import Request


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
