"""The claims of a verified token (RFC 7519 4, RFC 9068 2.2), in both profiles of Auth0's access tokens.

docs/adr/0028-machines-and-persons.md says which claims tell a machine from a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self

from staff0.errors import InvalidToken

_YEAR_10000: Final = 253_402_300_800
_PERSON: Final = "user"  # a value of sub_profile
_AGENT_PREFIX: Final = "agt_"  # an agent's id at Auth0; a person's id begins with the provider's name


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims that authorization uses. `client_id` is empty if the token names no client.

    `expires_at` is the claim exp, in seconds since the epoch (RFC 7519 2, NumericDate). `authorized_party` is the
    claim azp alone, empty without it. `actors` are the clients that act for the subject (claim act, RFC 8693 4.1).
    `token_id` is the claim jti, empty without it. `authorization_details` is that claim as it is (RFC 9396 9.1).
    """

    issuer: str
    subject: str
    client_id: str
    scopes: frozenset[str]
    is_machine: bool
    expires_at: float
    audiences: frozenset[str] = frozenset()
    authorized_party: str = ""
    actors: frozenset[str] = frozenset()
    token_id: str = ""
    authorization_details: object = None

    def is_authorized_party(self, client_id: str) -> bool:
        """Of an ID token: whether it is for this client. Several audiences need an azp (OIDC Core 3.1.3.7)."""
        if not self.authorized_party:
            return len(self.audiences) == 1
        return self.authorized_party == client_id

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> Self:
        """Reads the payload of a verified token. Raises InvalidToken for a claim of the wrong type.

        Also for a token that is bound to a key (RFC 7800 3.1): without a proof of that key it may be a stolen one.
        """
        if "cnf" in payload:
            raise InvalidToken("the token is bound to a key and cannot be a bearer token")
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
            scopes=frozenset(filter(None, _text(payload, "scope").split(" "))),  # RFC 6749 3.3: spaces only
            is_machine=_is_machine(payload, subject, client_id),
            expires_at=_date(payload, "exp"),
            audiences=_audiences(payload),
            authorized_party=_text(payload, "azp"),
            actors=frozenset(_actors(payload)),
            token_id=_text(payload, "jti"),
            authorization_details=payload.get("authorization_details"),
        )


def _client_id(payload: Mapping[str, object]) -> str:
    """The claim client_id (RFC 9068 2.2) or azp (Auth0's profile). Raises InvalidToken if they differ."""
    named = {_text(payload, "azp"), _text(payload, "client_id")} - {""}
    if len(named) > 1:
        raise InvalidToken("the token names two clients")
    return named.pop() if named else ""


def _audiences(payload: Mapping[str, object]) -> frozenset[str]:
    """One string or a list of strings (RFC 7519 4.1.3); pyjwt has checked that."""
    audience = payload.get("aud", "")
    return frozenset(map(str, audience if isinstance(audience, list) else [audience]))


def _is_machine(payload: Mapping[str, object], subject: str, client_id: str) -> bool:
    """Whether the subject is a client or an agent. Raises InvalidToken if the claims contradict each other."""
    profiles = _text(payload, "sub_profile").split()
    has_machine_subject = subject.endswith("@clients") or subject == client_id or subject.startswith(_AGENT_PREFIX)
    is_machine = (
        payload.get("gty") == "client-credentials"  # Auth0's profile only
        or has_machine_subject
        or (bool(profiles) and profiles != [_PERSON])
    )
    if is_machine and _PERSON in profiles:
        raise InvalidToken("the token names a machine as a person")
    return is_machine


def _actors(payload: Mapping[str, object]) -> Iterator[str]:
    """Who acts for the subject, from the last actor to the first (RFC 8693 4.1): the client, else the actor's id."""
    actor = payload.get("act")
    while actor is not None:
        if not isinstance(actor, dict):
            raise InvalidToken("the token's act is not an object")
        yield _text(actor, "client_id") or _text(actor, "sub")
        actor = actor.get("act")


def _date(payload: Mapping[str, object], claim: str) -> float:
    """A NumericDate before the year 10000 (RFC 7519 2). pyjwt itself also accepts strings and later dates."""
    value = payload.get(claim)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _YEAR_10000:
        raise InvalidToken(f"the token's {claim} is not a date")
    return value


def _text(payload: Mapping[str, object], claim: str) -> str:
    value = payload.get(claim, "")
    if not isinstance(value, str):
        raise InvalidToken(f"the token's {claim} is not a string")
    return value
