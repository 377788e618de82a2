"""The API in FastAPI: describes all operations (OpenAPI), and serves those that few requests need.

Its import takes as long as a fourth of a cold start, so hr_api.employee_api imports it when a request needs it.
"""

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from msgspec.structs import fields as fields_of
from pydantic import BaseModel, create_model
from staff0.protected_resource import WELL_KNOWN

from hr_api.access import SCOPE
from hr_api.errors import error_handlers
from hr_api.read_employee import PATH, ReadEmployee
from hr_api.resource_metadata import ResourceMetadata


class Problem(BaseModel):
    """Problem details (RFC 9457), the members that this API uses."""

    title: str
    status: int
    detail: str


_PROBLEM: Final[dict[str, Any]] = {"content": {"application/problem+json": {"schema": Problem.model_json_schema()}}}
_REFUSED: Final = (
    f"The token lacks the scope {SCOPE} or that of a fact, is for another user, client or request, or its approval was "
    "used."
)
_EMPLOYEE_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"description": "The token has authorization details, and the request has no Idempotency-Key.", **_PROBLEM},
    401: {"description": "The token is missing or not valid.", **_PROBLEM},
    403: {"description": _REFUSED, **_PROBLEM},
    404: {"description": "No employee has this id.", **_PROBLEM},
    503: {"description": "Temporarily unavailable. Try again after Retry-After seconds.", **_PROBLEM},
}
_METADATA_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    404: {"description": "No URL of this API has this path.", **_PROBLEM},
    421: {"description": "This API is not served at this host name.", **_PROBLEM},
}
_DOCUMENTED: Final = HTTPBearer(bearerFormat="JWT", auto_error=False)  # only for OpenAPI: bearer_token reads the header

type IdempotencyKey = Annotated[str | None, Header(description="The same for each attempt of one request.")]


class Metadata(BaseModel):
    """Protected-resource metadata (RFC 9728 2), the members that this API uses."""

    resource: str
    resource_name: str
    authorization_servers: list[str]
    scopes_supported: list[str]
    bearer_methods_supported: list[str]
    audience: str
    authorization_details_types_supported: list[str]


def create_fastapi_app(read: ReadEmployee, metadata: ResourceMetadata) -> FastAPI:
    """It serves no documentation; `app.openapi()` describes it."""
    handlers = error_handlers(metadata.url)
    app = FastAPI(title="Staff0 HR API", version="1.0.0", openapi_url=None, exception_handlers=handlers)
    app.include_router(_metadata_router(metadata))
    app.include_router(_employees_router(read))
    return app


def _employees_router(read: ReadEmployee) -> APIRouter:
    router = APIRouter(dependencies=[Depends(_DOCUMENTED)])

    @router.get(
        PATH,
        operation_id="ReadEmployee",
        responses=_EMPLOYEE_PROBLEMS,
        response_model=_described(read.employees.model),
        response_model_exclude_none=True,
    )
    async def read_employee(
        id: str,  # noqa: A002 - the name of the path parameter
        request: Request,
        request_id: str | None = None,
        client_id: str | None = None,
        idempotency_key: IdempotencyKey = None,
    ) -> dict[str, str]:
        """Returns the id and the disclosed facts of the employee to whom the token belongs.

        A token with authorization details (RFC 9396) discloses the facts that they name, for the request and the client
        that they name, and once: only the same Idempotency-Key gets the answer again.
        """
        return read(id, request.headers.getlist("authorization"), request_id, client_id, idempotency_key)

    return router


def _described(record: type[msgspec.Struct]) -> type[BaseModel]:
    """The same fields as a model of pydantic, which FastAPI describes."""
    fields: Any = {field.name: (field.type, ... if field.required else field.default) for field in fields_of(record)}
    described: type[BaseModel] = create_model(record.__name__, **fields)
    return described


def _metadata_router(metadata: ResourceMetadata) -> APIRouter:
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
            responses=_METADATA_PROBLEMS,
        )
