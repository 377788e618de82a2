"""The command `python -m client.verify`: arguments, verification and what is printed."""

import argparse
import asyncio
import base64
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import TextIO

import httpx

from client import key_pins
from client.addresses import is_private_channel, parse_url
from client.agent_keys import KEYS_PATH, fetch_keys, issuer_of, jwks_url, read_keys
from client.arguments import filled, unicode
from client.errors import BadStatement, ClientError, UnexpectedError, UsageError
from client.http_client import open_http
from client.key_pins import KeyPins, join_pins, parse_pins
from client.local_stack import PROJECT, find_stack
from client.runtime_context import Clock, read_text
from client.sanitise import sanitise
from client.statement import Consent, ExpectedClaims, Statement, format_time, verify_statement


class VerificationExitCode(IntEnum):
    """Exit codes of `python -m client.verify`."""

    VALID = 0
    INVALID = 1
    CANNOT_TELL = 2


@dataclass(frozen=True)
class VerificationRequest:
    """The statement, its required issuer, the URL or a copy of the issuer's keys, and those of them that are pinned."""

    token: str
    issuer: str
    jwks: str | Path
    agent_keys: KeyPins


@dataclass(frozen=True)
class Environment:
    """The project's folder, standard streams and clock. `http` is set by tests only."""

    folder: Path
    stdin: TextIO
    out: TextIO
    err: TextIO
    clock: Clock
    http: httpx.AsyncBaseTransport | None = None


def this_machine() -> Environment:
    """The environment of a run by a user."""
    return Environment(PROJECT, sys.stdin, sys.stdout, sys.stderr, lambda: datetime.now(UTC))


def main(arguments: Sequence[str], environment: Environment) -> VerificationExitCode:
    """Prints what the statement says, or what is wrong with it."""
    try:
        statement = asyncio.run(_verify(_parse(arguments, environment), environment))
        print("\n".join(map(sanitise, describe(statement))), file=environment.out, flush=True)
    except BadStatement as error:
        print(f"Not valid: {sanitise(str(error))}.", file=environment.out)
        return VerificationExitCode.INVALID
    except ClientError as error:
        return _cannot_tell(error, environment)
    except Exception as error:  # noqa: BLE001 - the outermost level; Python's own exit code 1 means "not valid"
        return _cannot_tell(UnexpectedError(error), environment)
    return VerificationExitCode.VALID


def _cannot_tell(error: ClientError, environment: Environment) -> VerificationExitCode:
    print(f"Cannot tell. {sanitise(str(error))}", file=environment.err)
    return VerificationExitCode.CANNOT_TELL


def describe(statement: Statement) -> list[str]:
    """The statement in English, line by line."""
    name_lines = {True: "The name that was given is right.", False: "The name that was given is not right.", None: None}
    verb = "works" if statement.employee_active else "does not work"
    lines = [
        f"Valid. The agent at {statement.iss} states that the person asked about {verb} at Staff0.",
        name_lines[statement.name_matches],
        *(f"{_label(fact)}: {value}." for fact, value in statement.details.items()),
        f"Consent: the person approved this request on {format_time(statement.consented_at)}"
        f"{_code(statement.consent)}.",
        f"The person agreed to disclose: {', '.join(map(_label, statement.facts)).lower()}."
        if statement.facts
        else None,
        _token(statement.consent),
        f"Asked by: client {statement.aud}, in task {statement.task_id}.",
        f"Issued on {format_time(statement.iat)}, valid until {format_time(statement.exp)}, id {statement.jti}.",
        f"The person's pseudonym, for this client only: {statement.sub}",
    ]
    return [line for line in lines if line]


def _label(fact: str) -> str:
    return fact.replace("_", " ").capitalize()


def _code(consent: Consent | None) -> str:
    return f", with the code {consent.code}" if consent else ""


def _token(consent: Consent | None) -> str | None:
    """The identity provider can look its token up by this hash, and so confirm the consent."""
    if consent is None or consent.token_id_sha256 is None:
        return None
    return f"SHA-256 of the id of the identity provider's token: {consent.token_id_sha256}"


async def _verify(request: VerificationRequest, environment: Environment) -> Statement:
    if isinstance(request.jwks, Path):
        keys = read_keys(request.jwks, request.agent_keys)
    else:
        async with open_http(environment.http) as http:
            keys = await fetch_keys(http, request.jwks, request.agent_keys)
    return verify_statement(request.token, keys, ExpectedClaims(request.issuer), environment.clock())


def _parse(arguments: Sequence[str], environment: Environment) -> VerificationRequest:
    options = _parser().parse_args(join_pins(arguments))
    issuer = _issuer(options.issuer, options.jwks, environment.folder)
    keys = _keys(options.jwks) if options.jwks else jwks_url(issuer)
    token = read_text(environment.stdin) if options.statement == "-" else options.statement
    if not token.strip():
        raise UsageError("The statement is empty.")
    return VerificationRequest(_jwt(token.strip()), issuer, keys, parse_pins(options.agent_keys))


def _jwt(statement: str) -> str:
    """The statement as a JWT; an answer's JSON has it in base64, which has no dots."""
    if "." in statement:
        return statement
    with suppress(ValueError):
        return base64.b64decode(statement, validate=True).decode()
    return statement


def _issuer(issuer: str | None, jwks: str | None, folder: Path) -> str:
    """The required issuer. It is never read from the statement: then any issuer would be accepted."""
    if issuer:
        return _url(issuer, "--issuer")
    if jwks and _is_url(jwks) and jwks.endswith(KEYS_PATH):
        return _url(jwks.removesuffix(KEYS_PATH), "--jwks")
    if jwks:
        raise UsageError("--jwks does not name the issuer of the keys: give --issuer URL too.")
    stack = find_stack(folder)
    if stack is None:
        raise UsageError("No issuer is given: use --issuer URL, or start the local stack with `make up`.")
    return _url(stack.agent_url, "--issuer")


def _keys(jwks: str) -> str | Path:
    """The URL of the keys, or the file that holds a copy of them."""
    return _url(jwks, "--jwks") if _is_url(jwks) else Path(jwks)


def _is_url(text: str) -> bool:
    return "://" in text


def _url(text: str, option: str) -> str:
    url = parse_url(text)
    if url is None or not is_private_channel(url):
        raise UsageError(f"{option} must be https:// (http:// on this machine only), not {text}.")
    return issuer_of(url)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m client.verify",
        description="Verify a statement of the Staff0 HR agent about an employment, and print what it says.",
        epilog="exit codes: 0 valid, 1 not valid, 2 cannot tell, 130 interrupted",
    )
    parser.add_argument(
        "statement",
        metavar="JWT",
        type=unicode,
        nargs="?",
        default="-",
        help="the statement, also in base64; - reads it from stdin",
    )
    parser.add_argument(
        "--issuer",
        metavar="URL",
        type=filled,
        help="the URL of the agent that must have issued it (default: the local agent)",
    )
    parser.add_argument(
        "--jwks",
        metavar="URL|FILE",
        type=filled,
        help=f"the URL of its keys, or a file with a copy of them (default: {KEYS_PATH} of the issuer)",
    )
    parser.add_argument(
        key_pins.OPTION,
        dest="agent_keys",
        metavar="THUMBPRINT",
        type=filled,
        action="append",
        default=[],
        help=key_pins.HELP,
    )
    return parser
