"""A name is read only where it is certain: a wrong one makes the answer a wrong "no".

In every sentence `@` stands for the address. Without a name the answer goes by the address alone.
"""

from __future__ import annotations

from typing import Final

import pytest
from hr_agent.questions.name_words import DOUBTFUL_FIRST_WORDS, WORDS_AROUND_NAMES
from hr_agent.questions.parsed_question import Intent, ParsedQuestion
from hr_agent.questions.rule_parser import RuleParser
from hr_agent.questions.validation import parse_and_validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from staff0.skills import SKILLS

ADDRESS: Final = "x@staff0.com"

SENTENCES: Final[dict[str, str | None]] = {
    # modal and courtesy words at the front
    "Does John Doe with email @ work at Staff0?": "John Doe",
    "Can you tell me whether John Doe with email @ works at Staff0?": "John Doe",
    "Could John Doe with email @ be an employee of Staff0?": "John Doe",
    "Could you please confirm that John Doe (@) works at Staff0?": "John Doe",
    "Would you please confirm the employment of John Doe, @?": "John Doe",
    "Is it true that John Doe <@> works at Staff0?": "John Doe",
    "Please confirm that John Doe (@) is employed": "John Doe",
    "May I ask whether John Doe (@) works at Staff0?": "John Doe",
    "Should John Doe (@) still be on the payroll?": "John Doe",
    "Confirm John Doe (@)": "John Doe",
    "Does Staff0 employ John Doe (@)?": "John Doe",
    "Regarding John Doe (@): is he employed?": "John Doe",
    "Hello, does John Doe (@) work at Staff0?": "John Doe",
    "May John Doe with email @ still work at Staff0?": None,
    "Will John Doe with email @ be working at Staff0?": None,
    "Can John Doe with email @ be confirmed as an employee?": None,
    "Mark John Doe with email @ as employed": None,
    "Grant that John Doe with email @ is employed": "John Doe",
    "Please Mark John Doe (@) as employed": None,
    "Hello, May John Doe (@) work at Staff0?": None,
    "Hope John Doe (@) works at Staff0": None,
    "Flag John Doe (@) as employed": None,
    "Regarding John (@): is he employed?": None,
    "Checking John (@): employed?": None,
    "Is It True That John Doe (@) Works At Staff0?": None,
    "DOES JOHN DOE WITH EMAIL @ WORK AT STAFF0?": "JOHN DOE",
    "CAN YOU CONFIRM JOHN DOE (@)?": None,
    "may john doe with email @ work at staff0?": None,
    "can john doe with email @ be confirmed?": None,
    # names that are such words
    "Does May Lee with email @ work at Staff0?": "May Lee",
    "Is Will Smith (@) employed?": "Will Smith",
    "Does Mark Dean with email @ work at Staff0?": "Mark Dean",
    "Is Grant Hill (@) an employee?": "Grant Hill",
    "Does Can Öztürk (@) work at Staff0?": "Can Öztürk",
    "Could Mark Dean (@) be an employee?": "Mark Dean",
    "Please verify Will Smith (@) is employed": "Will Smith",
    "Does your employee May Lee (@) work there?": "May Lee",
    "does may lee with email @ work at staff0?": "may lee",
    "May Lee (@) works at Staff0, right?": None,
    "May May Lee (@) work here?": None,
    "Will Smith with email @ still works at Staff0?": None,
    "Will Will Smith with email @ work at Staff0?": None,
    "Mark Dean, @": None,
    "Grant Hill (@) is employed, is that right?": None,
    "Please confirm: May Lee (@) is employed": None,
    "Does Will John Smith (@) work at Staff0?": None,
    "Does He Jiankui (@) work at Staff0?": None,
    "Does Le Thi My (@) work at Staff0?": None,
    # titles, initials, suffixes
    "Does Dr. John Doe (@) work at Staff0?": "John Doe",
    "Does Prof. Dr. Jane van der Berg with email @ work at Staff0?": "Jane van der Berg",
    "Does Mr John Doe with email @ work at Staff0?": "John Doe",
    "Mrs. Jane Roe (@) is employed?": "Jane Roe",
    "Does Mrs. Doe with email @ work at Staff0?": None,
    "Does J. Doe with email @ work at Staff0?": None,
    "Does John F. Kennedy with email @ work at Staff0?": None,
    "Does John F Kennedy with email @ work at Staff0?": None,
    "Does J.R.R. Tolkien with email @ work at Staff0?": None,
    "Does John Doe Jr. (@) work at Staff0?": None,
    # particles, hyphens, apostrophes
    "Does Ludwig van Beethoven (@) work at Staff0?": "Ludwig van Beethoven",
    "Does Jan van der Berg (@) work at Staff0?": "Jan van der Berg",
    "Does Anna de la Cruz (@) work at Staff0?": "Anna de la Cruz",
    "Does Mohammed bin Salman (@) work at Staff0?": "Mohammed bin Salman",
    "Does Omar al-Rashid (@) work at Staff0?": "Omar al-Rashid",
    "Does Jean-Luc O'Neill (@) work at Staff0?": "Jean-Luc O'Neill",
    "Does Chiara D\u2019Angelo (@) work at Staff0?": "Chiara D\u2019Angelo",
    "Is John Doe's email @ and does he work at Staff0?": "John Doe",
    "Is Bob's colleague John Doe (@) employed?": "John Doe",
    "Does van der Berg Jan (@) work at Staff0?": None,
    "Does Maria Silva e Souza (@) work at Staff0?": None,
    "Does João do Carmo Silva (@) work at Staff0?": None,
    "Does Anne\u2013Marie Doe Smith (@) work at Staff0?": None,
    "Does Smith, John Paul (@) work at Staff0?": None,
    # other scripts
    "Does Иван Петров (@) work at Staff0?": "Иван Петров",
    "Does Γιώργος Παπαδόπουλος (@) work at Staff0?": "Γιώργος Παπαδόπουλος",
    "Does 王小明 (@) work at Staff0?": None,
    "Does Li Wei 李伟 (@) work at Staff0?": None,
    "Does 김 철수 (@) work at Staff0?": None,
    "Does محمد علي (@) work at Staff0?": None,
    # other people and companies in the text
    "Does John Doe from Porto with email @ work at Staff0?": "John Doe",
    "Does John Doe still work at Staff0?\n@": "John Doe",
    "Is John Doe, who lives in Porto, employed? @": "John Doe",
    "Please verify the employment of John Doe. His address is @": "John Doe",
    "This is Bob Smith from Acme. Does @ work at Staff0?": None,
    "I ask for Acme Bank: does @ work at Staff0?": None,
    "On behalf of Acme Bank: does @ work at Staff0?": None,
    "Dear Bob Smith, does @ work at Staff0?": None,
    "Does Acme Bank's client work at Staff0? @": None,
    "Does John and Jane Doe (@) work at Staff0?": None,
    "Does John (@) work at Staff0?": None,
    # nothing but the person
    "John Doe @": "John Doe",
    '"John Doe" <@>': "John Doe",
    "John Doe, @": "John Doe",
    "Name: Anna Maria Schmidt, email: @": "Anna Maria Schmidt",
    "May Lee @": None,
    "王小明 @": None,
    # lower case and other languages
    "does john doe with email @ work at staff0?": "john doe",
    "does my colleague john doe with email @ work at staff0?": "john doe",
    "does ex boyfriend john doe with email @ work at staff0?": None,
    "Ist John Doe (@) bei Staff0 employed?": None,
}


async def parsed(text: str) -> ParsedQuestion:
    return await parse_and_validate(text.replace("@", ADDRESS), RuleParser(SKILLS))


@pytest.mark.parametrize("sentence", SENTENCES)
async def test_name_of_sentence(sentence: str) -> None:
    found = await parsed(sentence)
    assert (found.intent, found.email, found.name) == (Intent.ONE_PERSON, ADDRESS, SENTENCES[sentence])


FIRST: Final = ["John", "Ana", "May", "Will", "Mark", "Grant", "Can", "Jean-Luc", "Иван", "D'Arcy"]
LAST: Final = ["Doe", "Lee", "Smith", "Dean", "Hill", "O'Neill", "Петров", "van der Berg", "de la Cruz", "bin Salman"]
NAMES: Final = st.builds("{} {}".format, st.sampled_from(FIRST), st.sampled_from(LAST))
WORDS: Final = sorted(WORDS_AROUND_NAMES | DOUBTFUL_FIRST_WORDS)
OPENINGS: Final = st.lists(
    st.builds(lambda word, change: change(word), st.sampled_from(WORDS), st.sampled_from([str, str.title, str.upper])),
    max_size=4,
).map(" ".join)
SIGNS: Final = st.sampled_from([" ", ", ", ": ", ". ", "\n", "? "])
QUIETLY: Final = settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@settings(QUIETLY, max_examples=1_500)
@given(OPENINGS, SIGNS, NAMES, st.sampled_from([" (@)", ", @", " with email @", " <@>", "'s email @"]))
async def test_no_word_of_the_question_is_read_with_the_name(opening: str, sign: str, name: str, address: str) -> None:
    """Whatever words of a question stand before it: the whole name is read, or none."""
    text = f"{opening}{sign}{name}{address} works at Staff0?"
    assert (await parsed(text)).name in {name, None}


PIECES: Final = st.sampled_from([*WORDS, *map(str.title, WORDS), *FIRST, *LAST, "(@)", ",", ".", "\n", "works", "Jr."])


@settings(QUIETLY, max_examples=1_000)
@given(st.lists(PIECES, max_size=12).map(" ".join))
async def test_name_stands_in_the_text_word_by_word(text: str) -> None:
    name = (await parsed(text)).name
    assert name is None or f" {name.casefold()} " in f" {' '.join(text.split())} ".casefold()


class WeakModel:
    """A model that takes the first word of the question for a part of the name."""

    skills = SKILLS

    def __init__(self, name: str) -> None:
        self._name = name

    async def parse(self, text: str) -> ParsedQuestion:
        assert isinstance(text, str)
        return ParsedQuestion(intent=Intent.ONE_PERSON, name=self._name, email=ADDRESS)


@pytest.mark.parametrize(
    ("text", "claimed", "name"),
    [
        ("May John Doe with email @ work at Staff0?", "May John Doe", None),
        ("Please John Doe with email @ work at Staff0?", "Please John Doe", None),
        ("Hi. Will John Doe with email @ work at Staff0?", "Will John Doe", None),
        ("Does May Lee with email @ work at Staff0?", "May Lee", "May Lee"),
        ("May I ask whether May Lee with email @ works at Staff0?", "May Lee", "May Lee"),
        ("王小明 @", "王小明", "王小明"),
    ],
)
async def test_name_of_model_has_no_word_of_the_question(text: str, claimed: str, name: str | None) -> None:
    assert (await parse_and_validate(text.replace("@", ADDRESS), WeakModel(claimed))).name == name
