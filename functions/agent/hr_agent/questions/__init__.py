"""Parsing of the question: who is asked about, taken literally from the caller's text."""

from hr_agent.questions.parsed_question import Intent, ParsedQuestion, QuestionParser
from hr_agent.questions.validation import parse_and_validate

__all__ = ["Intent", "ParsedQuestion", "QuestionParser", "parse_and_validate"]
