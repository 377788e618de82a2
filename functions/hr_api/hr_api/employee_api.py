"""FastAPI application of the HR API."""

from fastapi import FastAPI
from staff0.auth import TokenVerifier

from hr_api.employees import Employees
from hr_api.errors import add_error_handlers
from hr_api.read_employee import employees_router


def create_app(verifier: TokenVerifier, employees: Employees) -> FastAPI:
    """Builds the app from its dependencies. It serves no documentation; `app.openapi()` describes it."""
    app = FastAPI(title="Staff0 HR API", version="1.0.0", openapi_url=None)
    add_error_handlers(app)
    app.include_router(employees_router(verifier, employees))
    return app
