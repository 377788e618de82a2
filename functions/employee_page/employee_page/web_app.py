"""The Starlette application of the page."""

from staff0.head_request import HeadRequestMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware

from employee_page.log_in_routes import LogInRoutes
from employee_page.message_responses import EXCEPTION_HANDLERS
from employee_page.overview_routes import OverviewRoutes
from employee_page.page_services import PageServices
from employee_page.security_headers import SecurityHeadersMiddleware, security_headers


def create_app(services: PageServices) -> Starlette:
    """Builds the app from its dependencies."""
    return Starlette(
        routes=[*OverviewRoutes(services).routes, *LogInRoutes(services).routes],
        middleware=[
            Middleware(SecurityHeadersMiddleware, headers=security_headers(services.flow.issuer)),
            Middleware(HeadRequestMiddleware),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
    )
