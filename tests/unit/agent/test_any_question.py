"""Any text is parsed without an error, in a time that grows with its length and not with its square."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from a2a.types import Message, Part, Role, Task
from hr_agent.limits import MAX_TEXT_CHARACTERS
from hr_agent.methods.conversation import MAX_CHARACTERS, conversation
from hr_agent.questions.parsed_question import ParsedQuestion
from hr_agent.questions.person_names import find_name, has_two_names
from hr_agent.questions.rule_parser import RuleParser
from hr_agent.questions.validation import parse_and_validate
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from staff0.caller_texts import is_supported_text
from staff0.skills import SKILLS
from staff0.tasks import TaskStore

from tests.support.a2a_test_client import ASKS_WHO, Agent, ProtocolError
from tests.support.growth import grows_linearly, repeated

WORDS: Final = st.sampled_from(
    [
        *[
            "does",
            "Does ",
            "ana",
            "Ana",
            "berg",
            "ŉ",
            "ß",
            "ﬁ",
            "ǆ",
            "İ",
            "o'neill",
            "van ",
            "von",
            "\0",
            "auth0|x1",
            "works",
        ],
        *[" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u2028", "\u3000", ",", "(", "<", ".", "'", "-", "@", "and ", "& "],
        *["with email ", "ana@staff0.com", "a", "who ", "? ", "\u0301", "\u200b", "\ufeff", "work e-mail "],
    ]
)
TEXTS: Final = st.text(max_size=300) | st.lists(WORDS, max_size=40).map("".join)
GROWING: Final = st.builds(
    repeated,
    st.lists(WORDS, max_size=4).map("".join),
    st.lists(WORDS, min_size=1, max_size=3).map("".join),
    st.lists(WORDS, max_size=3).map("".join),
)
QUIETLY: Final = settings(
    derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def parse(text: str) -> ParsedQuestion:
    """Parses without an event loop: the rules never wait."""
    parsing = parse_and_validate(text, RuleParser(SKILLS))
    with pytest.raises(StopIteration) as returned:
        parsing.send(None)
    result: ParsedQuestion = returned.value.value
    return result


@pytest.mark.parametrize("blanks", ["  ", "\n", "\r\n", "\t \t", "\u00a0\u2028"])
async def test_several_blanks_in_uncapitalized_name(agent: Agent, store: TaskStore, blanks: str) -> None:
    task = await agent.send(f"does ana{blanks}berg with email aberg@staff0.com work at staff0?")
    _, approval = store.find(task["id"])
    assert (approval.question.name, approval.question.email) == ("ana berg", "aberg@staff0.com")


@settings(QUIETLY, max_examples=400)
@given(TEXTS)
def test_any_text_is_parsed(text: str) -> None:
    assert isinstance(parse(text), ParsedQuestion)


@settings(QUIETLY, max_examples=50)
@given(text=TEXTS)
async def test_any_text_gets_answer_of_protocol(agent: Agent, text: str) -> None:
    if text.strip() and is_supported_text(text):
        assert (await agent.send(text))["status"]["state"].startswith("TASK_STATE_")
    else:
        with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
            await agent.send(text)


SLOW: Final = {
    "blanks": repeated("works a", " ", "b"),
    "links": repeated("works ", "with email ", ""),
    "links and blanks": repeated("works a", "with  email\t", "b"),
    "joined": repeated("", "and ", "x"),
    "parts of words": repeated("works ", "a-", "@"),
    "addresses": repeated("", "a@", ""),
    "domains": repeated("a@", "a.", "@"),
    "names in doubt": repeated("works ", "does van\nAb Cd ", ""),
    "names of others": repeated("works ", "does Ab Cd, ", "a@b.co"),
}


@pytest.mark.parametrize("text_of_length", SLOW.values(), ids=SLOW)
def test_slow_text_is_parsed_in_linear_time(text_of_length: Callable[[int], str]) -> None:
    assert grows_linearly(parse, text_of_length)
    assert grows_linearly(find_name, text_of_length)
    assert grows_linearly(has_two_names, text_of_length)


@settings(QUIETLY, max_examples=60, phases=[Phase.generate])
@given(text_of_length=GROWING)
def test_any_text_is_parsed_in_linear_time(text_of_length: Callable[[int], str]) -> None:
    assert grows_linearly(parse, text_of_length), text_of_length(80)


def user_message(*texts: str) -> Message:
    return Message(role=Role.ROLE_USER, parts=[Part(text=text) for text in texts])


@settings(QUIETLY, max_examples=200)
@given(st.lists(st.text(max_size=400), max_size=60), st.text(max_size=MAX_TEXT_CHARACTERS))
def test_conversation_is_bounded(earlier: list[str], text: str) -> None:
    together = conversation(Task(history=[user_message(each * 6) for each in earlier]), text)
    assert len(together) <= MAX_CHARACTERS
    assert together.endswith(text)


def test_conversation_has_first_and_newest_messages() -> None:
    history = [user_message("first"), *(user_message(f"m{number} " + "x" * 900) for number in range(50))]
    history.insert(1, Message(role=Role.ROLE_AGENT, parts=[Part(text="of the agent")]))
    lines = conversation(Task(history=history), "last").splitlines()
    assert (lines[0], lines[-1]) == ("first", "last")
    assert [line.split()[0] for line in lines[1:-1]] == ["m44", "m45", "m46", "m47", "m48", "m49"]


def test_blanks_of_earlier_messages_are_not_read_again() -> None:
    history = [user_message("Does John Doe", " " * 90_000, "work here?")]
    assert conversation(Task(history=history), "jdoe@staff0.com") == "Does John Doe\nwork here?\njdoe@staff0.com"


async def test_follow_up_to_long_conversation_reads_no_more(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    by_rules = RuleParser.parse

    async def noting_length(parser: RuleParser, text: str) -> ParsedQuestion:
        lengths.append(len(text))
        return await by_rules(parser, text)

    monkeypatch.setattr(RuleParser, "parse", noting_length)
    opened = await agent.send(ASKS_WHO)
    for number in range(20):
        await agent.send("still the same " + "x" * 1_900, f"m-{number}", taskId=opened["id"])
    assert MAX_TEXT_CHARACTERS < max(lengths) <= MAX_CHARACTERS
    completed = await agent.send("jdoe@staff0.com", "m-last", taskId=opened["id"])
    assert completed["status"]["state"] == "TASK_STATE_SUBMITTED"


def test_very_long_name_is_dropped() -> None:
    """A model may claim any name, and the time of the search grows with the product of both lengths."""
    name = "A" + "-a" * 500
    assert parse(f"Does {name} with email aberg@staff0.com work?").name is None
