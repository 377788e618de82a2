"""Finds the requests about a person. Records have a pseudonym: of the user id, or of an address without a user."""

from __future__ import annotations

import sys

from staff0.audit_pseudonym import audit_pseudonym, audit_pseudonym_of_unknown

from operations.audit_summary import AuditedRequest
from operations.deployed_stack import Stack
from operations.errors import OperationsError
from operations.printable import printable


def filter_requests(stack: Stack, person: str, requests: list[AuditedRequest]) -> list[AuditedRequest]:
    """The requests about `person`, a user id or an email address.

    An address is looked up among the employees of the local stack. In the cloud the operator has to look it up: a note
    on stderr says how, and without any request it is the error. Raises OperationsError.
    """
    user_id = person if "|" in person else stack.user_ids.get(person.lower())
    pseudonyms = _pseudonyms(stack, person, user_id)
    found = [request for request in requests if request.about in pseudonyms]
    if user_id is None:
        _explain(person, is_error=not found)
    return found


def _pseudonyms(stack: Stack, person: str, user_id: str | None) -> set[str]:
    """Of the user, and of an address or id that no user had. Older versions had one form for both."""
    kms, key_id = stack.client("kms"), stack.output("PairwiseKeyArn")
    names = {user_id or person.lower(), person.lower()}
    return {audit_pseudonym(kms, key_id, name) for name in names} | {audit_pseudonym_of_unknown(kms, key_id, person)}


def _explain(person: str, *, is_error: bool) -> None:
    text = (
        f"An employee is recorded under their user id, and no user id is known for {person}. Look it up at the "
        "identity provider (Auth0: User Management, Users, search for the address; the id begins with auth0|), then "
        "use --about 'auth0|…'."
    )
    if is_error:
        raise OperationsError(f"No request of these days is about {person}. {text}")
    print(f"operations: These are requests about the address while no user had it. {printable(text)}", file=sys.stderr)
