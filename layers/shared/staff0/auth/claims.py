"""What a verified token says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from staff0.errors import InvalidToken


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
    def of(cls, payload: Mapping[str, object]) -> Self:
        """The claims of a verified payload. Raises InvalidToken for a claim of the wrong type."""
        subject = _text(payload, "sub")
        # RFC 9068 2.2: client_id. Auth0's own profile calls it azp.
        client_id = _text(payload, "azp") or _text(payload, "client_id")
        if not subject:
            raise InvalidToken("the token names no subject")
        return cls(
            issuer=_text(payload, "iss"),
            subject=subject,
            client_id=client_id,
            scopes=frozenset(_text(payload, "scope").split()),
            is_machine=_is_machine(payload, subject, client_id),
            expires_at=_number(payload, "exp"),
        )


def _is_machine(payload: Mapping[str, object], subject: str, client_id: str) -> bool:
    """Client credentials, by any of the signs Auth0 (gty, @clients) and RFC 9068 2.2 (sub is the client) give."""
    return payload.get("gty") == "client-credentials" or subject.endswith("@clients") or subject == client_id


def _number(payload: Mapping[str, object], claim: str) -> float:
    value = payload.get(claim)
    if not isinstance(value, int | float):
        raise InvalidToken(f"the token's {claim} is not a number")
    return value


def _text(payload: Mapping[str, object], claim: str) -> str:
    value = payload.get(claim, "")
    if not isinstance(value, str):
        raise InvalidToken(f"the token's {claim} is not a string")
    return value
