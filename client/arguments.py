"""Command-line options of `python -m client`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from client.key_pins import HELP, OPTION, join_pins

# The longest approval (300 s), 35 s until a request without an answer ends, and 35 s for the calls before and after it.
DEFAULT_TIMEOUT_SECONDS = 370.0


@dataclass(frozen=True)
class Options:
    question: str
    agent: str | None = None
    client: str | None = None
    client_id: str | None = None
    audience: str | None = None
    token_hosts: tuple[str, ...] = ()
    agent_keys: tuple[str, ...] = ()
    context_id: str | None = None
    task_id: str | None = None
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    json: bool = False
    debug: bool = False


EPILOG = """\
exit codes: 0 confirmed, 1 not confirmed, 2 error, 130 interrupted

The client's secret is read from A2A_CLIENT_AUTH0_CLIENT_SECRET (its id from --client-id or
A2A_CLIENT_AUTH0_CLIENT_ID), or from this project's .local/stack.json, which `make up` writes.
"""


def filled(text: str) -> str:
    """A text that is not empty: an unset variable of a shell must not select the local agent or its client."""
    if not text.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return unicode(text)


def unicode(text: str) -> str:
    """Refuses bytes of another encoding, which Python keeps as lone surrogates."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise argparse.ArgumentTypeError("must not have bytes that are not text")
    return text


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError("must be a number of seconds, more than 0 and at most a day")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m client",
        description="Ask the Staff0 HR agent whether a person works at Staff0. The employee approves on their phone.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "question",
        type=unicode,
        help='e.g. "Does John Doe with email jdoe@staff0.com work at Staff0?"; - reads it from stdin',
    )
    add("--agent", metavar="URL", type=filled, help="the agent's URL (default: the local stack's)")
    add(OPTION, dest="agent_keys", metavar="THUMBPRINT", type=filled, action="append", default=[], help=HELP)
    identity = parser.add_mutually_exclusive_group()
    identity.add_argument(
        "--as", dest="client", metavar="NAME", type=filled, help="a client of the local stack (default: acme)"
    )
    identity.add_argument("--client-id", metavar="ID", type=filled, help="a client of your identity provider")
    add("--audience", metavar="URI", type=filled, help="the token's audience (default: https://staff0/agent)")
    add(
        "--token-host",
        dest="token_hosts",
        metavar="HOST[:PORT]",
        type=filled,
        action="append",
        default=[],
        help="a host that may receive the client's secret; repeatable (default: HR_AUTH0_DOMAIN for the secret of the "
        "environment, the local stack's issuer for a client of the stack)",
    )
    add("--context-id", metavar="ID", type=filled, help="the conversation to continue")
    add("--task-id", metavar="ID", type=filled, help="the task that asked for this answer")
    add(
        "--timeout",
        dest="timeout_seconds",
        metavar="SECONDS",
        type=seconds,
        default=DEFAULT_TIMEOUT_SECONDS,
        help="how long to wait for the answer (default: %(default)g)",
    )
    add("--json", action="store_true", help="one JSON object on stdout, progress on stderr")
    add("--debug", action="store_true", help="write a log to stderr")
    return parser


def parse(arguments: Sequence[str]) -> Options:
    """The parsed options. Like argparse, exits with code 2 and prints the usage to stderr if they are wrong."""
    values = vars(_parser().parse_args(join_pins(arguments)))
    lists = {name: tuple(values[name]) for name in ("token_hosts", "agent_keys")}
    return Options(**{**values, **lists})
