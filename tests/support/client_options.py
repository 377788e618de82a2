"""Command-line options for tests of the client, for the agent of tests.support.fake_agent."""

from client.arguments import Options
from tests.support.fake_agent import AGENT, Json

QUESTION = "Does John Doe with email jdoe@staff0.com work at Staff0?"


def options(**changes: object) -> Options:
    given: Json = {"question": QUESTION, "agent": AGENT, "token_hosts": ("idp.example",), **changes}
    return Options(**given)
