"""The page of an employee who has logged in: their choices, and the requests about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from staff0.employee_choices import Caller, SwitchedOff

from employee_page.html_elements import Html, element
from employee_page.page_layout import moment, page
from employee_page.question_texts import asked_for, disclosed, outcome
from employee_page.request_history import AuditedQuestion, HistoryPage, Position
from employee_page.sessions import Session

CHOICES_ID: Final = "choices"


@dataclass(frozen=True)
class Overview:
    """What the page shows. `before` is where its list of requests begins; None for the newest."""

    session: Session
    choices: Sequence[SwitchedOff]
    history: HistoryPage
    before: Position | None
    now: datetime

    def render(self) -> str:
        return page("Requests about you", self._choices(), self._requests(), banner=self._banner())

    def _banner(self) -> Html:
        return element(
            "div",
            element("p", "Logged in as ", element("strong", self.session.name)) if self.session.name else "",
            self._form("/logout", "Log out"),
            class_="who",
        )

    def _choices(self) -> Html:
        all_off = next((choice for choice in self.choices if choice.caller is None), None)
        if all_off:
            state = element("p", "All questions are ", element("strong", "off"), " since ", moment(all_off.since), ".")
            button = self._form("/choices", "Switch questions on", switch="on")
        else:
            state = element("p", "Callers may ask you, unless you switch them off here.")
            button = self._form("/choices", "Switch all questions off", switch="off")
        return element(
            "section",
            element("h2", "Your choice", id=CHOICES_ID, tabindex="-1"),
            state,
            element("p", _MEANING, class_="soft"),
            button,
            self._callers(is_all_off=all_off is not None),
            aria_labelledby=CHOICES_ID,
        )

    def _callers(self, *, is_all_off: bool) -> str:
        """The callers of the requests on this page and those that are off, by name."""
        off = {choice.caller.client_id: choice for choice in self.choices if choice.caller}
        callers = {question.client_id: question.last.caller for question in self.history.questions}
        callers |= {choice.caller.client_id: choice.caller.name for choice in off.values() if choice.caller}
        if not callers:
            return ""
        listed = sorted(callers.items(), key=lambda caller: (caller[1].lower(), caller[0]))
        otherwise = " may not ask while all questions are off." if is_all_off else " may ask."
        lines = [self._caller(Caller(client_id, name), off.get(client_id), otherwise) for client_id, name in listed]
        return element("ul", *lines, class_="callers")

    def _caller(self, caller: Caller, off: SwitchedOff | None, otherwise: str) -> Html:
        name = element("strong", caller.name)
        if off:
            state = element("p", name, " is off since ", moment(off.since), ".")
            button = self._form("/choices", f"Switch {caller.name} on", switch="on", client_id=caller.client_id)
        else:
            state = element("p", name, otherwise)
            button = self._form("/choices", f"Switch {caller.name} off", switch="off", client_id=caller.client_id)
        return element("li", state, button)

    def _requests(self) -> Html:
        questions, older = self.history
        lines = _list_items([self._request(question) for question in questions])
        content = element("ol", *lines, class_="requests") if lines else element("p", self._nobody())
        links = [
            element("a", "Newest requests", href="/") if self.before else "",
            element("a", "Older requests", href=f"/?{urlencode({'before': str(older)})}") if older else "",
        ]
        pages = element("nav", *links, aria_label="Pages of requests") if any(links) else ""
        title = element("h2", "Who asked about you", id="requests")
        return element("section", title, content, pages, aria_labelledby="requests")

    def _nobody(self) -> str:
        return "There are no older requests." if self.before else "There is no request about you."

    def _request(self, question: AuditedQuestion) -> Html:
        asked = asked_for(question)
        rows = {
            **({"What they asked": _texts(asked)} if asked else {}),
            "What happened": outcome(question, self.now),
            "What they were told": _texts(disclosed(question)),
            "Code": question.last.code or "None",
        }
        if question.has_ended:
            rows["Ended"] = moment(question.last.at)
        described = [element("div", element("dt", term), element("dd", text)) for term, text in rows.items()]
        heading = element("h3", element("strong", question.last.caller), " asked on ", moment(question.asked_at))
        return element("article", heading, element("dl", *described))

    def _form(self, action: str, label: str, **fields: str) -> Html:
        """One button. Its hidden fields say what it does, and that it is on a page of this session."""
        hidden = fields | {"form_token": self.session.form_token}
        if self.before:
            hidden["before"] = str(self.before)
        inputs = [element("input", type="hidden", name=name, value=value) for name, value in hidden.items()]
        return element("form", *inputs, element("button", label, type="submit"), method="post", action=action)


def _texts(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else element("ul", *_list_items(texts))


def _list_items(texts: Sequence[str]) -> list[Html]:
    return [element("li", text) for text in texts]


_MEANING: Final = (
    "If questions are off, your phone does not ring. The caller is told the same as about a person who does not "
    "work here: that the employment could not be confirmed. A request that is on your phone already stays there, and "
    "your answer to it counts."
)
