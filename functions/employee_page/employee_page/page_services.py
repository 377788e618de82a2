"""What the routes of the page work with."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from staff0.clock import Clock
from staff0.employee_choices import EmployeeChoices
from staff0.request_origin import request_origin
from starlette.exceptions import HTTPException
from starlette.requests import Request

from employee_page.authorization_flow import AuthorizationFlow
from employee_page.cookies import Cookie
from employee_page.identity import IdentityReader
from employee_page.request_history import RequestHistory
from employee_page.sessions import Session, Sessions


@dataclass(frozen=True)
class PageServices:
    """`pseudonym` turns the id of a user into their pseudonym in the audit trail.

    `configured_url` is the page's address if it is not the one of API Gateway; else empty."""

    flow: AuthorizationFlow
    identities: IdentityReader
    pseudonym: Callable[[str], str]
    sessions: Sessions
    choices: EmployeeChoices
    history: RequestHistory
    clock: Clock
    configured_url: str = ""

    def base_url(self, request: Request) -> str:
        """The page's address, without a slash at the end. Raises HTTPException at an unknown host name."""
        base_url = self.configured_url.rstrip("/") or request_origin(request.scope)
        if base_url is None:
            raise HTTPException(HTTPStatus.MISDIRECTED_REQUEST, "This page is not served at this address.")
        return base_url

    def redirect_uri(self, request: Request) -> str:
        """Exactly as it is registered at the identity provider (RFC 9700 2.1)."""
        return f"{self.base_url(request)}/callback"

    def session(self, request: Request) -> Session | None:
        """The session of the request, if there is one."""
        return self.sessions.resume(Cookie.session(self.base_url(request)).read(request))
