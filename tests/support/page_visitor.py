"""A person at the employees' page of the running stack: cookies, redirects and forms as in a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx

from tests.support.page_browser import forms_of
from tests.support.system import PATIENCE_SECONDS, System


def _client() -> httpx.Client:
    return httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False)


@dataclass
class PageVisitor:
    system: System
    http: httpx.Client = field(default_factory=_client)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()

    @property
    def url(self) -> str:
        return str(self.system.stack["employee_page_url"])

    def open(self, path: str = "/") -> httpx.Response:
        return self.http.get(self.url + path)

    def log_in(self, sub: str) -> httpx.Response:
        """Chooses this user on the stand-in's log-in page, and follows the browser's way to the page."""
        choice = self._follow(self.http.get(f"{self.url}/login"))
        assert sub in choice.text, "the log-in page lists everyone"
        return self._follow(self.http.post(choice.url, data={"sub": sub}))

    def press(self, label: str) -> httpx.Response:
        """Submits the form of this button, and follows."""
        form = forms_of(self.open().text)[label]
        sent = self.http.post(self.url + form.action, data=form.fields, headers={"Origin": self.url})
        return self._follow(sent)

    def _follow(self, response: httpx.Response) -> httpx.Response:
        while response.next_request:
            response = self.http.send(response.next_request)
        return response
