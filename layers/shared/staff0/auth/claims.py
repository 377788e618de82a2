"""What a verified token says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from staff0.errors import InvalidToken

_YEAR_10000: Final = 253_402_300_800


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims this system decides by; `client_id` is empty where the token names no client.

    `expires_at` is the exp, in seconds since the epoch (RFC 7519 2, NumericDate).
    """

    issuer: str
    subject: str
    client_id: str
    scopes: frozenset[str]
    is_machine: bool
    expires_at: float

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> Self:
        """The claims of a verified payload. Raises InvalidToken for a claim of the wrong type."""
        subject = _text(payload, "sub")
        if not subject:
            raise InvalidToken("the token names no subject")
        for claim in {"iat", "nbf"} & payload.keys():
            _date(payload, claim)
        client_id = _client_id(payload)
        return cls(
            issuer=_text(payload, "iss"),
            subject=subject,
            client_id=client_id,
            scopes=frozenset(filter(None, _text(payload, "scope").split(" "))),  # RFC 6749 3.3: by spaces alone
            is_machine=_is_machine(payload, subject, client_id),
            expires_at=_date(payload, "exp"),
        )


def _client_id(payload: Mapping[str, object]) -> str:
    """RFC 9068 2.2 calls it client_id, Auth0's own profile azp. Raises InvalidToken where they are two clients."""
    named = {_text(payload, "azp"), _text(payload, "client_id")} - {""}
    if len(named) > 1:
        raise InvalidToken("the token names two clients")
    return named.pop() if named else ""


def _is_machine(payload: Mapping[str, object], subject: str, client_id: str) -> bool:
    """Client credentials, by any of the signs Auth0 (gty, @clients) and RFC 9068 2.2 (sub is the client) give."""
    return payload.get("gty") == "client-credentials" or subject.endswith("@clients") or subject == client_id


def _date(payload: Mapping[str, object], claim: str) -> float:
    """A NumericDate (RFC 7519 2). pyjwt takes text for one, too, and what no calendar has."""
    value = payload.get(claim)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _YEAR_10000:
        raise InvalidToken(f"the token's {claim} is not a date")
    return value


def _text(payload: Mapping[str, object], claim: str) -> str:
    value = payload.get(claim, "")
    if not isinstance(value, str):
        raise InvalidToken(f"the token's {claim} is not a string")
    return value
