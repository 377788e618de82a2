"""The page itself, the change of a choice, and the style sheet: /, /choices and /style.css."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from staff0.employee_choices import Caller
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from employee_page.forms import read_form
from employee_page.overview_page import CHOICES_ID, Overview
from employee_page.page_services import PageServices
from employee_page.request_history import Position
from employee_page.sessions import Session
from employee_page.start_page import start_page

_STYLE: Final = Path(__file__).with_name("style.css").read_text()


@dataclass(frozen=True)
class OverviewRoutes:
    services: PageServices

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/", self.overview),
            Route("/choices", self.change_choices, methods=["POST"]),
            Route("/style.css", self.style),
        ]

    async def overview(self, request: Request) -> Response:
        session = self.services.session(request)
        if session is None:
            return HTMLResponse(start_page())
        before = _position(request.query_params)
        shown = Overview(
            session,
            self.services.choices.list_for(session.about),
            self.services.history.page(session.about, before),
            before,
            self.services.clock(),
        )
        return HTMLResponse(shown.render())

    async def change_choices(self, request: Request) -> Response:
        session = self.services.session(request)
        if session is None:
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        form = await read_form(request, session, self.services.base_url(request))
        match form.get("switch"):
            case "on":
                self._switch_on(session, form.get("client_id"))
            case "off":
                self._switch_off(session, form)
            case _:
                raise HTTPException(HTTPStatus.BAD_REQUEST, "The form says neither on nor off.")
        return RedirectResponse(f"/#{CHOICES_ID}", HTTPStatus.SEE_OTHER)

    async def style(self, _request: Request) -> Response:
        return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})

    def _switch_on(self, session: Session, client_id: str | None) -> None:
        """Only what is off, so that no text of a form becomes a key."""
        choices = self.services.choices.list_for(session.about)
        if client_id in {choice.caller.client_id if choice.caller else None for choice in choices}:
            self.services.choices.switch_on(session.about, client_id)

    def _switch_off(self, session: Session, form: Mapping[str, str]) -> None:
        """All callers, or one of the page that the form is on, with its name there: a form cannot invent a caller."""
        if "client_id" not in form:
            self.services.choices.switch_off(session.about, None)
            return
        for question in self.services.history.page(session.about, _position(form)).questions:
            if question.client_id == form["client_id"]:
                self.services.choices.switch_off(session.about, Caller(question.client_id, question.last.caller))
                return
        raise HTTPException(HTTPStatus.NOT_FOUND, "This caller has not asked about you.")


def _position(given: Mapping[str, str]) -> Position | None:
    if "before" not in given:
        return None
    position = Position.parse(given["before"])
    if position is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "There is no such page.")
    return position
