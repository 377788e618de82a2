"""FastAPI application of the HR API."""

from fastapi import FastAPI
from staff0.auth import TokenVerifier
from staff0.head_request import HeadRequestMiddleware
from starlette.middleware import Middleware

from hr_api.access import Access
from hr_api.employees import Employees
from hr_api.errors import add_error_handlers
from hr_api.read_employee import employees_router
from hr_api.resource_metadata import ResourceMetadata, metadata_router
from hr_api.used_approvals import UsedApprovals


def create_app(
    verifier: TokenVerifier, access: Access, used: UsedApprovals, employees: Employees, metadata: ResourceMetadata
) -> FastAPI:
    """Builds the app from its dependencies. It serves no documentation; `app.openapi()` describes it."""
    middleware = [Middleware(HeadRequestMiddleware)]
    app = FastAPI(title="Staff0 HR API", version="1.0.0", openapi_url=None, middleware=middleware)
    add_error_handlers(app, metadata.url)
    app.include_router(metadata_router(metadata))
    app.include_router(employees_router(verifier, access, used, employees))
    return app
