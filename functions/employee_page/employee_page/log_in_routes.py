"""Log-in and log-out: /login, /callback and /logout."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from staff0.observability import logger
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from employee_page.cookies import Cookie
from employee_page.derived_secrets import new_secret
from employee_page.forms import read_form
from employee_page.log_in_errors import LogInError
from employee_page.message_responses import message_response
from employee_page.page_services import PageServices


@dataclass(frozen=True)
class LogInRoutes:
    services: PageServices

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/login", self.log_in),
            Route("/callback", self.callback),
            Route("/logout", self.log_out, methods=["POST"]),
        ]

    async def log_in(self, request: Request) -> Response:
        """Sends the browser to the identity provider."""
        secret = new_secret()
        response = _see_other(self.services.flow.request_url(secret, self.services.redirect_uri(request)))
        Cookie.log_in(self.services.base_url(request)).write(response, secret)
        return response

    async def callback(self, request: Request) -> Response:
        """Takes the identity provider's answer. The cookie of the log-in is used up, whatever the answer is."""
        cookie = Cookie.log_in(self.services.base_url(request))
        try:
            response = self._begin_session(request, cookie.read(request))
        except LogInError as error:
            logger.warning("a log-in failed", extra={"error": type(error).__name__, "detail": str(error)})
            response = message_response(error.status, error.sentence)
        cookie.delete(response)
        return response

    async def log_out(self, request: Request) -> Response:
        """Ends the session here and at the identity provider: on a shared computer the next log-in asks again."""
        session = self.services.session(request)
        if session is None:
            return _see_other("/")
        await read_form(request, session, self.services.base_url(request))
        self.services.sessions.end(session.cookie)
        response = _see_other(self._log_out_url(request))
        Cookie.session(self.services.base_url(request)).delete(response)
        return response

    def _begin_session(self, request: Request, log_in: str) -> Response:
        code = self.services.flow.code(log_in, request.query_params)
        employee = self.services.identities.read(log_in, code, self.services.redirect_uri(request))
        cookie = Cookie.session(self.services.base_url(request))
        self.services.sessions.end(cookie.read(request))
        session = self.services.sessions.begin(self.services.pseudonym(employee.sub), employee.name)
        response = _see_other("/")
        cookie.write(response, session.cookie)
        return response

    def _log_out_url(self, request: Request) -> str:
        """OpenID Connect RP-Initiated Logout 2; our start page at an identity provider without it."""
        endpoint = self.services.flow.metadata.end_session()
        start = f"{self.services.base_url(request)}/"
        parameters = {"client_id": self.services.flow.client_id, "post_logout_redirect_uri": start}
        return f"{endpoint}?{urlencode(parameters)}" if endpoint else start


def _see_other(url: str) -> Response:
    return RedirectResponse(url, HTTPStatus.SEE_OTHER)
