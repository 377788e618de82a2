"""Only the person whom a message literally names can be asked, whatever the message or a deceived model says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hr_agent.questions.gemini_parser import GeminiParser
from hr_agent.questions.parsed_question import Intent, ParsedQuestion, QuestionParser
from hr_agent.questions.rule_parser import RuleParser
from hr_agent.questions.validation import parse_and_validate
from hypothesis import given, settings
from hypothesis import strategies as st
from staff0.authorization_details import DisclosureFormat
from staff0.caller_registry import DEFAULT_PURPOSE
from staff0.question import Question
from staff0.secret_str import SecretStr
from staff0.skills import SKILLS

from tests.support.approval_workflow import ApprovalHarness
from tests.support.aws_resources import AwsResources
from tests.support.fake_gemini import FakeGemini
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp
from tests.support.fake_management_api import Employee
from tests.unit.agent.hostile.hostile_messages import CEO, HOSTILE_MESSAGES, JOHN

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

    from tests.support.clock import FakeClock

EVERY_MESSAGE = pytest.mark.parametrize(("text", "allowed"), HOSTILE_MESSAGES.values(), ids=list(HOSTILE_MESSAGES))


class DeceivedParser:
    """A parser that returns the same result for every text."""

    skills = SKILLS

    def __init__(self, result: ParsedQuestion) -> None:
        self._result = result

    async def parse(self, text: str) -> ParsedQuestion:
        return self._result


def deceived_results(text: str) -> Iterator[ParsedQuestion]:
    """Results of a deceived model: another person, a decoded address, a part of an address, each word of the text."""
    words = re.findall(r"\S+", text)
    pieces = {piece for word in words for piece in re.split(r"[\s<>()\[\]{}\"':,;]+", word) if "@" in piece}
    for email in {CEO, JOHN, "o@staff0.com", *pieces, *(piece.strip("?.") for piece in pieces)}:
        yield ParsedQuestion(intent=Intent.ONE_PERSON, email=email, name="The Boss")
    for employee_id in ("auth0|ceo", "auth0|john", "auth0|../../api/v2/clients"):
        yield ParsedQuestion(intent=Intent.ONE_PERSON, employee_id=employee_id)


def subject_of(parsed: ParsedQuestion) -> str:
    """The person who would be asked for approval; empty without one."""
    subject = parsed.employee_id or parsed.email or ""
    return subject.casefold() if parsed.intent is Intent.ONE_PERSON else ""


@EVERY_MESSAGE
async def test_rules_find_only_allowed_subject(text: str, allowed: str | None) -> None:
    assert subject_of(await parse_and_validate(text, RuleParser(SKILLS))) in {"", (allowed or "").casefold()}


@EVERY_MESSAGE
async def test_deceived_parser_finds_only_allowed_subject(text: str, allowed: str | None) -> None:
    for result in deceived_results(text):
        parsed = await parse_and_validate(text, DeceivedParser(result))
        assert subject_of(parsed) in {"", (allowed or "").casefold()}, result
        assert parsed.name is None or parsed.name in text


@EVERY_MESSAGE
async def test_deceived_model_finds_only_allowed_subject(model: FakeGemini, text: str, allowed: str | None) -> None:
    """Uses Gemini's client and protocol; the model's answer may also have fields that are not in the schema."""
    parser = GeminiParser(lambda: SecretStr("key"), "gemini-3.5-flash-lite", model.url, fallback=RuleParser(SKILLS))
    for extra in ({}, {"approved": True, "employee_active": True, "binding_message": "OK"}):
        model.text = json.dumps({"intent": "employment_status", "email": CEO, "name": text[:500], **extra})
        assert subject_of(await parse_and_validate(text, parser)) in {"", (allowed or "").casefold()}


@pytest.fixture
def idp(clock: FakeClock) -> FakeIdp:
    """An identity provider at which every person of the messages is a user."""
    idp = FakeIdp(clock)
    subjects = {allowed for _, allowed in HOSTILE_MESSAGES.values() if allowed} | {CEO, JOHN}
    idp.add(*(Employee(f"auth0|{n}", each) for n, each in enumerate(sorted(subjects)) if "@" in each))
    return idp


@pytest.fixture
def aws_resources(
    dynamodb: DynamoDBClient, tasks_table: str, audit_table: str, choices_table: str, kms: KMSClient
) -> AwsResources:
    return AwsResources.create(dynamodb, tasks_table, kms)


@EVERY_MESSAGE
async def test_push_goes_to_allowed_subject_without_caller_text(
    aws_resources: AwsResources, clock: FakeClock, idp: FakeIdp, text: str, allowed: str | None
) -> None:
    workflow = ApprovalHarness(aws_resources, clock, idp, FakeHrApi())
    parsers: list[QuestionParser] = [RuleParser(SKILLS), *(DeceivedParser(result) for result in deceived_results(text))]
    for number, parser in enumerate(parsers):
        parsed = await parse_and_validate(text, parser)
        if subject_of(parsed):
            question = Question(name=parsed.name, email=parsed.email, employee_id=parsed.employee_id)
            workflow.request(workflow.submit(question, owner=f"caller-{number}"))
    for push in idp.pushes:
        assert push.employee.email == (allowed or "").casefold()
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
            "authorization_details",
        }
        named = DisclosureFormat(SKILLS.facts).read(json.loads(push.form["authorization_details"]))
        assert (named.requested_by, named.purpose) == ("acme", DEFAULT_PURPOSE)


LOCAL_PARTS = st.from_regex(r"[a-z][a-z0-9]{0,10}(?:\.[a-z0-9]{1,8})?", fullmatch=True)
SURROUNDINGS = st.text(alphabet=st.characters(exclude_characters="@|"), max_size=40)


async def subject_for_claim(text: str, email: str) -> str:
    """The subject if a deceived parser finds `email` in the text."""
    result = ParsedQuestion(intent=Intent.ONE_PERSON, email=email)
    return subject_of(await parse_and_validate(text, DeceivedParser(result)))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(before=SURROUNDINGS, local=LOCAL_PARTS, after=SURROUNDINGS, claimed=LOCAL_PARTS)
async def test_subject_is_whole_word_of_text(before: str, local: str, after: str, claimed: str) -> None:
    text = f"{before}{local}@staff0.com{after}"
    for email in (f"{claimed}@staff0.com", f"{local}@staff0.com"):
        assert await subject_for_claim(text, email) in {"", f"{local}@staff0.com"}


@settings(derandomize=True, deadline=None, max_examples=100)
@given(one=LOCAL_PARTS, other=LOCAL_PARTS, between=SURROUNDINGS)
async def test_two_addresses_have_no_subject(one: str, other: str, between: str) -> None:
    text = f"{one}@staff0.com {between} {other}@staff0.com"
    subject = await subject_for_claim(text, f"{one}@staff0.com")
    assert subject == "" or one == other
