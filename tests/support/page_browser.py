"""A browser of the employees' page without a screen: it keeps cookies, follows links and submits forms."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

import httpx

from tests.support.fake_log_in import FakeLogIn, User


@dataclass(frozen=True)
class PageForm:
    """A form with its fields and the label of its button."""

    action: str
    fields: dict[str, str]
    label: str


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[PageForm] = []
        self._action, self._label = "", ""
        self._fields: dict[str, str] = {}
        self._is_in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                assert given["method"] == "post"
                self._action, self._fields, self._label = given["action"], {}, ""
            case "input":
                self._fields[given["name"]] = given["value"]
            case "button":
                self._is_in_button = True

    def handle_data(self, data: str) -> None:
        if self._is_in_button:
            self._label += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._is_in_button = False
        if tag == "form":
            self.found.append(PageForm(self._action, self._fields, self._label))


def forms_of(html: str) -> dict[str, PageForm]:
    """The forms of a page by the label of their button."""
    parser = _Forms()
    parser.feed(html)
    return {form.label: form for form in parser.found}


@dataclass
class PageBrowser:
    http: httpx.AsyncClient
    log_in_provider: FakeLogIn

    async def open(self, path: str = "/") -> httpx.Response:
        return await self.http.get(path)

    async def log_in(self, user: User) -> httpx.Response:
        """Logs in and opens the page."""
        response = await self.callback(await self.begin(user))
        assert response.status_code == 303, response.text
        return await self.open(response.headers["location"])

    async def begin(self, user: User) -> dict[str, str]:
        """What the identity provider sends back after this user has logged in."""
        begun = await self.http.get("/login")
        return self.log_in_provider.authorize(begun.headers["location"], user)

    async def callback(self, answer: dict[str, str]) -> httpx.Response:
        return await self.http.get("/callback", params=answer)

    async def press(self, label: str, page: str = "/") -> httpx.Response:
        """Submits the form with this button."""
        form = forms_of((await self.open(page)).text)[label]
        return await self.submit(form.action, form.fields)

    async def submit(
        self, action: str, fields: dict[str, str], headers: dict[str, str] | None = None
    ) -> httpx.Response:
        origin = {"Origin": str(self.http.base_url).rstrip("/")}
        return await self.http.post(action, data=fields, headers=origin | (headers or {}))
