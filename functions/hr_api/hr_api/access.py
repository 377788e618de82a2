"""Decides what a token may read: whose record, for which request, and which facts of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from staff0.auth import Claims, require_scope
from staff0.authorization_details import Disclosure, DisclosureFormat
from staff0.errors import CallerError, InvalidAuthorizationDetails
from staff0.skills import EMPLOYMENT_STATUS, NAME, Fact, Skills

SCOPE: Final = "read:employee"


class NotTokenOwner(CallerError):
    """The token belongs to another employee, or to a client and not to a person."""

    code = "insufficient_scope"
    status = 403


class NotOurClient(CallerError):
    """The token was obtained by another client than the one that asks employees for approval."""

    code = "insufficient_scope"
    status = 403


@dataclass(frozen=True)
class Access:
    """The rules of this API. `client_id` is the client that asks employees for approval.

    With `requires_details` a token without authorization details reads nothing.
    """

    client_id: str
    skills: Skills
    requires_details: bool

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([SCOPE, *(skill.employee_scope for skill in self.skills)]))

    def require_owner(self, claims: Claims, employee_id: str) -> None:
        """Checks scope, owner and client of the token.

        Raises InsufficientScope, NotTokenOwner, NotOurClient.
        """
        require_scope(claims, SCOPE)
        if claims.is_machine or claims.subject != employee_id:
            raise NotTokenOwner("the token does not belong to this employee")
        if claims.client_id != self.client_id or claims.actors - {self.client_id}:
            raise NotOurClient("the token was not issued to the client that asks for approvals")

    def disclosure(self, claims: Claims, request_id: str | None, client_id: str | None) -> Disclosure | None:
        """What the employee agreed to, if it is this request of this caller; None for a token that does not say it.

        Raises InvalidAuthorizationDetails.
        """
        if claims.authorization_details is None:
            if self.requires_details:
                raise InvalidAuthorizationDetails("the token has no authorization details")
            return None
        agreed = DisclosureFormat(self.skills.facts).read(claims.authorization_details)
        if (agreed.request_id, agreed.client_id) != (request_id, client_id):
            raise InvalidAuthorizationDetails("the token is for another request")
        return agreed

    def facts(self, claims: Claims, disclosure: Disclosure | None) -> tuple[Fact, ...]:
        """The facts to disclose: those that the employee agreed to; without that, those of the token's scopes.

        Raises InsufficientScope if the scopes allow less than the employee agreed to.
        """
        allowed = tuple(dict.fromkeys(self._facts_of_scopes(claims)))
        if disclosure is None:
            return allowed
        agreed = tuple(self.skills.facts[fact_id] for fact_id in disclosure.facts)
        for fact in agreed:
            if fact not in allowed:
                require_scope(claims, self._scope_of(fact))
        return agreed

    def _facts_of_scopes(self, claims: Claims) -> Iterator[Fact]:
        yield from (EMPLOYMENT_STATUS, NAME)
        for skill in self.skills:
            if skill.employee_scope in claims.scopes:
                yield from skill.details

    def _scope_of(self, fact: Fact) -> str:
        return next(skill.employee_scope for skill in self.skills if fact in skill.details)
