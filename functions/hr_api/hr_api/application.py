"""The web application, from what it is handed."""

from fastapi import FastAPI
from staff0.auth import TokenVerifier

from hr_api.employees import Employees
from hr_api.errors import add_error_handlers
from hr_api.read_employee import employees_router


def create_app(verifier: TokenVerifier, employees: Employees) -> FastAPI:
    """No documentation is served; `app.openapi()` describes the API."""
    app = FastAPI(title="Staff0 HR API", version="1.0.0", openapi_url=None)
    add_error_handlers(app)
    app.include_router(employees_router(verifier, employees))
    return app
