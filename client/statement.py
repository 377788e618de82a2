"""The agent's signed statement about an employment, verified by the rules of RFC 8725."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import jwt
from jwt import PyJWK
from jwt.types import Options
from pydantic import BaseModel, ConfigDict, ValidationError

from client.agent_keys import ALGORITHM, PublishedKeys
from client.errors import BadStatement

EXTENSION: Final = "https://staff0/a2a/attestation/v1"
TYPE: Final = "employment-attestation+jwt"
# The clock is handed in, so the times are judged here and not by the library's.
_OPTIONS: Final[Options] = {"verify_exp": False, "verify_iat": False}
_FLAWS: Final[dict[type[jwt.PyJWTError], str]] = {
    jwt.InvalidSignatureError: "its signature is not that of its key",
    jwt.InvalidIssuerError: "another agent issued it",
    jwt.InvalidAudienceError: "it was made for another client",
}


class Statement(BaseModel):
    """`sub` is the employee's pseudonym, for this client only. Times are seconds since 1970 (RFC 7519, 2)."""

    model_config = ConfigDict(frozen=True, strict=True)

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


@dataclass(frozen=True)
class Expected:
    """Who must have issued it; for which client and about which task, as far as that is known."""

    issuer: str
    client_id: str | None = None
    task_id: str | None = None


def verify_statement(token: str, keys: PublishedKeys, expected: Expected, now: datetime) -> Statement:
    """The statement. Raises BadStatement, whose text says what is wrong with it."""
    statement = _parsed(_decoded(token, keys, expected))
    if expected.task_id is not None and statement.task_id != expected.task_id:
        raise BadStatement("it is about another task")
    if statement.exp <= now.timestamp():
        raise BadStatement(f"it was valid until {moment(statement.exp)}")
    return statement


def moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _decoded(token: str, keys: PublishedKeys, expected: Expected) -> Mapping[str, object]:
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
        raise BadStatement(_FLAWS.get(type(error), f"it cannot be read ({type(error).__name__})")) from None


def _key(header: Mapping[str, object], keys: PublishedKeys) -> PyJWK:
    # Judged before the signature: another kind of JWT by the same key is no statement (RFC 8725, 3.11).
    if str(header.get("typ", "")).lower().removeprefix("application/") != TYPE:
        raise BadStatement("it is a JWT of another type")
    key = keys.find(header.get("kid"))
    if key is None:
        raise BadStatement(f"its key is none of {keys.url}")
    return key


def _parsed(claims: Mapping[str, object]) -> Statement:
    try:
        return Statement.model_validate(claims)
    except ValidationError:
        raise BadStatement("its claims are not those of a statement") from None
