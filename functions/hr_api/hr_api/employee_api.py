"""The web application of the HR API: Starlette for reading an employee, FastAPI for the rest (docs/adr/0033)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from staff0.auth import TokenVerifier
from staff0.head_request import HeadRequestMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Receive, Scope, Send

from hr_api.access import Access
from hr_api.employees import Employees
from hr_api.errors import error_handlers
from hr_api.read_employee import ReadEmployee
from hr_api.resource_metadata import ResourceMetadata
from hr_api.used_approvals import UsedApprovals

if TYPE_CHECKING:
    from fastapi import FastAPI


def create_app(
    verifier: TokenVerifier, access: Access, used: UsedApprovals, employees: Employees, metadata: ResourceMetadata
) -> Starlette:
    """Builds the app from its dependencies. FastAPI is imported by the first request for another path."""
    read = ReadEmployee(verifier, access, used, employees)

    @cache
    def fastapi_app() -> FastAPI:
        from hr_api.fastapi_app import create_fastapi_app

        return create_fastapi_app(read, metadata)

    async def other_paths(scope: Scope, receive: Receive, send: Send) -> None:
        await fastapi_app()(scope, receive, send)

    app = Starlette(
        routes=[read.route()],
        middleware=[Middleware(HeadRequestMiddleware)],
        exception_handlers=error_handlers(metadata.url),
    )
    app.router.default = other_paths
    return app
