"""Who reads the questions: Gemini where a key is set, rules elsewhere."""

from functools import partial

from staff0.secrets import get_secret
from staff0.settings import AgentSettings

from hr_agent.reading import QuestionReader
from hr_agent.reading.gemini import GeminiReader
from hr_agent.reading.rules import RuleReader


def question_reader(settings: AgentSettings) -> QuestionReader:
    rules = RuleReader()
    if not settings.gemini_api_key_secret:
        return rules
    key = partial(get_secret, settings.gemini_api_key_secret)
    return GeminiReader(key, settings.gemini_model, settings.gemini_base_url, fallback=rules)
