"""Verifies the agent's signed statement about an employment (RFC 8725)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import jwt
from jwt import PyJWK
from jwt.types import Options
from pydantic import BaseModel, ConfigDict, ValidationError

from client.agent_keys import ALGORITHM, PublishedKeys
from client.errors import BadStatement, MissingStatement, UnreadableStatement
from client.sanitise import sanitise

EXTENSION: Final = "https://staff0/a2a/attestation/v1"
MEDIA_TYPE: Final = "application/jwt"
TYPE: Final = "employment-attestation+jwt"
LAST_SECOND: Final = 253_402_300_799  # 9999-12-31T23:59:59Z, the last time that can be shown
# PyJWT would use the system clock. Times are checked in verify_statement, by the clock of the caller.
_OPTIONS: Final[Options] = {"verify_exp": False, "verify_iat": False}
_MESSAGES: Final[dict[type[jwt.PyJWTError], str]] = {
    jwt.InvalidSignatureError: "its signature does not match its key",
    jwt.InvalidIssuerError: "another agent issued it",
    jwt.InvalidAudienceError: "it was made for another client",
}


class Consent(BaseModel):
    """To which request the person agreed. `token_id_sha256` is the hash of the id (jti) of the token that proved it."""

    model_config = ConfigDict(frozen=True, strict=True)

    request_id: str
    code: str
    approved_at: int
    token_id_sha256: str | None = None


class Statement(BaseModel):
    """Claims. `sub` is the employee's pseudonym for this client. Times are seconds since 1970 (RFC 7519 2).

    `facts` are those that the employee disclosed; agents of older versions do not name them.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")

    iss: str
    aud: str
    sub: str
    iat: int
    exp: int
    jti: str
    task_id: str
    consented_at: int
    employee_active: bool
    name_matches: bool | None = None
    facts: list[str] = []
    consent: Consent | None = None  # absent in statements of older versions

    @property
    def details(self) -> dict[str, str]:
        """The values that are stated beside yes or no, by fact."""
        return values_of(self.facts, self.model_extra or {})


@dataclass(frozen=True)
class ExpectedClaims:
    """Required `iss`, and required `aud` and `task_id` where they are known."""

    issuer: str
    client_id: str | None = None
    task_id: str | None = None


def verify_statement(token: str, keys: PublishedKeys, expected: ExpectedClaims, now: datetime) -> Statement:
    """Returns the verified claims. Raises BadStatement, whose message says what is wrong, or UnreadableStatement."""
    statement = _parse(_decode(token, keys, expected))
    if not all(0 <= seconds <= LAST_SECOND for seconds in (statement.iat, statement.exp, statement.consented_at)):
        raise UnreadableStatement("The statement has a time outside the years 1970 to 9999.")
    if expected.task_id is not None and statement.task_id != expected.task_id:
        raise BadStatement("it is about another task")
    consent = statement.consent
    if consent and (consent.request_id, consent.approved_at) != (statement.task_id, statement.consented_at):
        raise BadStatement("its consent is for another request")
    if statement.exp <= now.timestamp():
        raise BadStatement(f"it expired at {format_time(statement.exp)}")
    return statement


def values_of(facts: Iterable[str], members: Mapping[str, object]) -> dict[str, str]:
    """The members that are named in `facts` and are texts, safe to print."""
    found = {fact: members.get(fact) for fact in facts}
    return {fact: sanitise(value) for fact, value in found.items() if isinstance(value, str)}


def require_same_answer(
    statement: Statement,
    employee_active: bool | None,  # noqa: FBT001
    name_matches: bool | None,  # noqa: FBT001
    details: Mapping[str, str],
) -> None:
    """Raises BadStatement unless the statement says what the answer says."""
    stated = (statement.employee_active, statement.name_matches, statement.details)
    if stated != (employee_active, name_matches, details):
        raise BadStatement("it says something else than the answer")


type StatementCheck = Statement | BadStatement | MissingStatement | None
"""The verified statement, what is wrong with it, or None if the answer has none and needs none."""


def format_time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _decode(token: str, keys: PublishedKeys, expected: ExpectedClaims) -> Mapping[str, object]:
    try:
        return jwt.decode(
            token,
            _key(jwt.get_unverified_header(token), keys),
            algorithms=[ALGORITHM],
            issuer=expected.issuer,
            audience=expected.client_id,
            options={**_OPTIONS, "verify_aud": expected.client_id is not None},
        )
    except jwt.PyJWTError as error:
        raise BadStatement(_MESSAGES.get(type(error), f"it cannot be decoded ({type(error).__name__})")) from None


def _key(header: Mapping[str, object], keys: PublishedKeys) -> PyJWK:
    # Checked before the signature: another kind of JWT, signed by the same key, is not a statement (RFC 8725 3.11).
    if str(header.get("typ", "")).lower().removeprefix("application/") != TYPE:
        raise BadStatement("it is a JWT of another type")
    key = keys.find(header.get("kid"))
    if key is None:
        raise BadStatement(
            "its key is not pinned, as the agent's key for statements must be too"
            if keys.pinned
            else f"its key is not published at {keys.url}"
        )
    return key


def _parse(claims: Mapping[str, object]) -> Statement:
    try:
        return Statement.model_validate(claims)
    except ValidationError:
        raise BadStatement("its claims are not those of a statement") from None
