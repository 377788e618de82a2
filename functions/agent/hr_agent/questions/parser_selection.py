"""Selects the question parser: Gemini if the settings have a key for it, rules otherwise."""

from functools import partial

from staff0.secrets import get_secret
from staff0.skills import Skills

from hr_agent.agent_settings import AgentSettings
from hr_agent.questions.gemini_parser import GeminiParser
from hr_agent.questions.parsed_question import QuestionParser
from hr_agent.questions.rule_parser import RuleParser


def question_parser(settings: AgentSettings, skills: Skills) -> QuestionParser:
    rules = RuleParser(skills)
    if not settings.gemini_api_key_secret:
        return rules
    key = partial(get_secret, settings.gemini_api_key_secret)
    return GeminiParser(key, settings.gemini_model, settings.gemini_base_url, fallback=rules)
