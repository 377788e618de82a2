"""`python -m client.verify JWT`: for an auditor who holds a statement and was not there when it was made."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import TextIO

import httpx

from client.addresses import is_private_channel, parse_url
from client.agent_keys import KEYS_PATH, fetch_keys, issuer_of, keys_url
from client.errors import BadStatement, ClientError, UsageError
from client.http_client import open_http
from client.local_stack import find_stack
from client.runtime_context import Clock
from client.sanitise import sanitise
from client.statement import Expected, Statement, moment, verify_statement


class Finding(IntEnum):
    """The exit code."""

    VALID = 0
    INVALID = 1
    CANNOT_TELL = 2


@dataclass(frozen=True)
class Question:
    """The statement, who must have issued it, and where that agent's keys are."""

    token: str
    issuer: str
    keys: str


@dataclass(frozen=True)
class Desk:
    """Where the auditor sits. `http` is for tests."""

    folder: Path
    stdin: TextIO
    out: TextIO
    err: TextIO
    clock: Clock
    http: httpx.AsyncBaseTransport | None = None


def main(arguments: Sequence[str], desk: Desk) -> Finding:
    """Prints what the statement says, in words, or what is wrong with it."""
    try:
        statement = asyncio.run(_verified(_question(arguments, desk), desk))
    except BadStatement as flaw:
        print(f"Not valid: {sanitise(str(flaw))}.", file=desk.out)
        return Finding.INVALID
    except ClientError as error:
        print(f"Cannot tell. {sanitise(str(error))}", file=desk.err)
        return Finding.CANNOT_TELL
    print("\n".join(map(sanitise, in_words(statement))), file=desk.out)
    return Finding.VALID


def in_words(statement: Statement) -> list[str]:
    names = {True: "The name that was given is right.", False: "The name that was given is not right.", None: None}
    said = "works" if statement.employee_active else "does not work"
    lines = [
        f"Valid. The agent at {statement.iss} states that the person asked about {said} at Staff0.",
        names[statement.name_matches],
        f"Consent: the person approved this request on {moment(statement.consented_at)}.",
        f"Asked by: client {statement.aud}, in task {statement.task_id}.",
        f"Stated: {moment(statement.iat)}, valid until {moment(statement.exp)}, under the number {statement.jti}.",
        f"The person's pseudonym, for this client only: {statement.sub}",
    ]
    return [line for line in lines if line]


async def _verified(question: Question, desk: Desk) -> Statement:
    async with open_http(desk.http) as http:
        keys = await fetch_keys(http, question.keys)
    return verify_statement(question.token, keys, Expected(question.issuer), desk.clock())


def _question(arguments: Sequence[str], desk: Desk) -> Question:
    options = _parser().parse_args(arguments)
    issuer = _issuer(options.issuer, options.jwks, desk.folder)
    keys = _address(options.jwks, "--jwks") if options.jwks else keys_url(issuer)
    token = desk.stdin.read() if options.statement == "-" else options.statement
    return Question(token.strip(), issuer, keys)


def _issuer(issuer: str | None, jwks: str | None, folder: Path) -> str:
    """Never from the statement: that would let anybody be the one who says so."""
    if issuer:
        return _address(issuer, "--issuer")
    if jwks and jwks.endswith(KEYS_PATH):
        return _address(jwks.removesuffix(KEYS_PATH), "--jwks")
    if jwks:
        raise UsageError("The address of --jwks does not say whose keys these are: give --issuer URL too.")
    stack = find_stack(folder)
    if stack is None:
        raise UsageError("Nobody to have issued it: give --issuer URL, or start the local stack with `make up`.")
    return _address(stack.agent_url, "--issuer")


def _address(text: str, option: str) -> str:
    url = parse_url(text)
    if url is None or not is_private_channel(url):
        raise UsageError(f"{option} must be https:// (http:// on this machine only), not {text}.")
    return issuer_of(url)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m client.verify",
        description="Verify a statement of the Staff0 HR agent about an employment, and say what it states.",
        epilog="exit codes: 0 valid, 1 not valid, 2 cannot tell",
    )
    parser.add_argument("statement", metavar="JWT", nargs="?", default="-", help="the statement; - reads it from stdin")
    parser.add_argument("--issuer", metavar="URL", help="the agent that must have issued it (default: the local one)")
    parser.add_argument("--jwks", metavar="URL", help=f"where its keys are (default: {KEYS_PATH} of the issuer)")
    return parser


if __name__ == "__main__":
    here = Desk(Path.cwd(), sys.stdin, sys.stdout, sys.stderr, lambda: datetime.now(UTC))
    sys.exit(main(sys.argv[1:], here))
