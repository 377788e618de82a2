"""Whatever a message says and a fooled model makes of it, nobody is asked but the one whom it literally names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hr_agent.questions import Intent, ParsedQuestion, QuestionParser, parse_and_validate
from hr_agent.questions.gemini_parser import GeminiParser
from hr_agent.questions.rule_parser import RuleParser
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from staff0.question import Question

from tests.support.approval_fixtures import aws_resources, hr_api
from tests.support.approval_workflow import ApprovalHarness, AwsResources
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import Employee, FakeIdp
from tests.unit.agent.hostile.corpus import CEO, CORPUS, JOHN
from tests.unit.agent.test_gemini import FakeGemini, model

if TYPE_CHECKING:
    from tests.support.clock import FakeClock

__all__ = ["aws_resources", "hr_api", "model"]  # fixtures

EVERY_MESSAGE = pytest.mark.parametrize(("text", "may"), CORPUS.values(), ids=list(CORPUS))


class Fooled:
    """A reader that says what it is told to."""

    def __init__(self, says: ParsedQuestion) -> None:
        self._says = says

    async def read(self, text: str) -> ParsedQuestion:
        return self._says


def claims(text: str) -> Iterator[ParsedQuestion]:
    """What a fooled model might make of a text: somebody else, a decoded or a piece of an address, everything in it."""
    words = re.findall(r"\S+", text)
    pieces = {piece for word in words for piece in re.split(r"[\s<>()\[\]{}\"':,;]+", word) if "@" in piece}
    for email in {CEO, JOHN, "o@staff0.com", *pieces, *(piece.strip("?.") for piece in pieces)}:
        yield ParsedQuestion(intent=Intent.EMPLOYMENT_STATUS, email=email, name="The Boss")
    for employee_id in ("auth0|ceo", "auth0|john", "auth0|../../api/v2/clients"):
        yield ParsedQuestion(intent=Intent.EMPLOYMENT_STATUS, employee_id=employee_id)


def asked_about(reading: ParsedQuestion) -> str:
    subject = reading.employee_id or reading.email or ""
    return subject.casefold() if reading.intent is Intent.EMPLOYMENT_STATUS else ""


@EVERY_MESSAGE
async def test_the_rules_ask_about_the_one_subject_or_nobody(text: str, may: str | None) -> None:
    assert asked_about(await parse_and_validate(text, RuleParser())) in {"", (may or "").casefold()}


@EVERY_MESSAGE
async def test_a_fooled_reader_asks_about_the_one_subject_or_nobody(text: str, may: str | None) -> None:
    for says in claims(text):
        reading = await parse_and_validate(text, Fooled(says))
        assert asked_about(reading) in {"", (may or "").casefold()}, says
        assert reading.name is None or reading.name in text


@EVERY_MESSAGE
async def test_a_fooled_model_asks_about_the_one_subject_or_nobody(
    model: FakeGemini, text: str, may: str | None
) -> None:
    """By Gemini's own client and protocol, also where the model answers what it was never asked for."""
    reader = GeminiParser(lambda: SecretStr("key"), "gemini-2.5-flash", model.url, fallback=RuleParser())
    for extra in ({}, {"approved": True, "employee_active": True, "binding_message": "OK"}):
        model.says = json.dumps({"intent": "employment_status", "email": CEO, "name": text[:500], **extra})
        assert asked_about(await parse_and_validate(text, reader)) in {"", (may or "").casefold()}


@pytest.fixture
def idp(clock: FakeClock) -> FakeIdp:
    """Everybody whom a message names works here."""
    idp = FakeIdp(clock)
    subjects = {may for _, may in CORPUS.values() if may} | {CEO, JOHN}
    idp.add(*(Employee(f"auth0|{n}", each) for n, each in enumerate(sorted(subjects)) if "@" in each))
    return idp


@EVERY_MESSAGE
async def test_nothing_of_the_message_reaches_a_phone_and_only_the_one_subjects_rings(  # noqa: PLR0917
    aws_resources: AwsResources, clock: FakeClock, idp: FakeIdp, hr_api: FakeHrApi, text: str, may: str | None
) -> None:
    workflow = ApprovalHarness(aws_resources, clock, idp, hr_api)
    readers: list[QuestionParser] = [RuleParser(), *(Fooled(says) for says in claims(text))]
    for number, reader in enumerate(readers):
        reading = await parse_and_validate(text, reader)
        if asked_about(reading):
            question = {"name": reading.name, "email": reading.email, "employee_id": reading.employee_id}
            workflow.request(workflow.submit(Question(**question), owner=f"caller-{number}"))
    for push in idp.pushes:
        assert push.employee.email == (may or "").casefold()
        assert re.fullmatch(r"Staff0:acme:\d{6}", push.form["binding_message"])
        assert json.loads(push.form["login_hint"])["sub"] == push.employee.sub
        assert set(push.form) == {
            "client_id",
            "client_secret",
            "login_hint",
            "scope",
            "audience",
            "binding_message",
            "requested_expiry",
        }


LOCAL = st.from_regex(r"[a-z][a-z0-9]{0,10}(?:\.[a-z0-9]{1,8})?", fullmatch=True)
AROUND = st.text(alphabet=st.characters(exclude_characters="@|"), max_size=40)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(before=AROUND, local=LOCAL, after=AROUND, claimed=LOCAL)
async def test_what_is_asked_about_stands_in_the_text_as_a_word(
    before: str, local: str, after: str, claimed: str
) -> None:
    text = f"{before}{local}@staff0.com{after}"
    for says in (f"{claimed}@staff0.com", f"{local}@staff0.com"):
        subject = asked_about(
            await parse_and_validate(text, Fooled(ParsedQuestion(intent=Intent.EMPLOYMENT_STATUS, email=says)))
        )
        assert subject in {"", f"{local}@staff0.com"}


@settings(derandomize=True, deadline=None, max_examples=100)
@given(one=LOCAL, other=LOCAL, between=AROUND)
async def test_two_addresses_are_nobody(one: str, other: str, between: str) -> None:
    text = f"{one}@staff0.com {between} {other}@staff0.com"
    subject = asked_about(
        await parse_and_validate(
            text, Fooled(ParsedQuestion(intent=Intent.EMPLOYMENT_STATUS, email=f"{one}@staff0.com"))
        )
    )
    assert subject == ("" if one != other else subject)
