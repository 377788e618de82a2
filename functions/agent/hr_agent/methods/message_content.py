"""The content of a caller's message: a text, a question as data, or both."""

from collections.abc import Sequence
from dataclasses import dataclass

from a2a.types import Message
from a2a.utils.errors import ContentTypeNotSupportedError, InvalidParamsError
from google.protobuf.json_format import MessageToDict
from staff0.skills import Skills

from hr_agent.limits import MAX_TEXT_CHARACTERS
from hr_agent.questions.identifiers import has_identifiers
from hr_agent.questions.parsed_question import Intent, ParsedQuestion, QuestionParser
from hr_agent.questions.structured_question import parse_data, with_text
from hr_agent.questions.validation import parse_and_validate


@dataclass(frozen=True)
class MessageContent:
    """`question` is the one of the data part, which agrees with the text. Without it a parser reads the text."""

    text: str
    question: ParsedQuestion | None = None

    async def parse(self, parser: QuestionParser) -> ParsedQuestion:
        return self.question or await parse_and_validate(self.text, parser)

    def names_person(self, parsed: ParsedQuestion) -> bool:
        """Whether the message is about a person of its own, also in a question that this agent does not answer."""
        is_about_several = parsed.intent in {Intent.SEVERAL_PEOPLE, Intent.SEVERAL_ADDRESSES}
        names_one = self.question or parsed.subject or parsed.name or has_identifiers(self.text)
        return is_about_several or bool(names_one)


def read_content(message: Message, skills: Skills) -> MessageContent:
    """Raises InvalidParamsError, and ContentTypeNotSupportedError for a part that is neither text nor data."""
    if any(part.WhichOneof("content") is None for part in message.parts):
        raise InvalidParamsError(message="A part has no content: neither text nor data nor a file.")
    if any(part.WhichOneof("content") not in {"text", "data"} for part in message.parts):
        raise ContentTypeNotSupportedError(message="This agent reads text and data parts only.")
    text = "\n".join(part.text for part in message.parts if part.HasField("text")).strip()
    data = [MessageToDict(part.data) for part in message.parts if part.HasField("data")]
    if not text and not data:
        raise InvalidParamsError(message="The message has no text.")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise InvalidParamsError(message=f"A question is at most {MAX_TEXT_CHARACTERS} characters long.")
    return MessageContent(text, _question(data, text, skills) if data else None)


def _question(data: Sequence[object], text: str, skills: Skills) -> ParsedQuestion:
    if len(data) > 1:
        raise InvalidParamsError(message="A message has at most one data part: each person is asked for on their own.")
    try:
        question = parse_data(data[0], skills)
        return with_text(question, text, skills) if text else question
    except ValueError as error:
        raise InvalidParamsError(message=str(error)) from None
