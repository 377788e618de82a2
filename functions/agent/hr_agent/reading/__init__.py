"""Reading the question: who is asked about, taken literally from the caller's text."""

from hr_agent.reading.guard import understand
from hr_agent.reading.reading import Intent, QuestionReader, Reading

__all__ = ["Intent", "QuestionReader", "Reading", "understand"]
