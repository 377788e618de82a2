"""Check 12: does the identity provider take our type of authorization details (RFC 9396)?"""

import json
import secrets
from dataclasses import replace
from typing import Final

import httpx
from staff0.authorization_details import TYPE, AuthorizationDetails, Disclosure, DisclosureFormat
from staff0.caller_registry import DEFAULT_PURPOSE
from staff0.skills import EMPLOYMENT_STATUS, SKILLS

from operations.doctor.findings import Failed, NotChecked
from operations.doctor.http import describe, json_object
from operations.doctor.identity_provider import IdentityProvider

_FORMAT: Final = DisclosureFormat(SKILLS.facts)
_SAMPLE: Final = Disclosure("doctor", "000000", DEFAULT_PURPOSE, (EMPLOYMENT_STATUS.id,), "doctor", "doctor")
_SET: Final = "AuthorizationDetails (AUTHORIZATION_DETAILS in .env)"


def sample_details(code: str) -> AuthorizationDetails:
    """What a push of the doctor asks for."""
    return _FORMAT.write(replace(_SAMPLE, code=code))


def check(idp: IdentityProvider) -> str:
    """Sends two requests for a user who does not exist, so that no phone rings: of our type, and of a made-up type.

    A provider may look for the user first. Then both get the same answer, and only a push shows what a token contains.
    """
    ours = _ask(idp, sample_details("000000"))
    is_wanted = idp.subject.authorization_details
    if not _is_taken(ours):
        if not is_wanted:
            raise NotChecked(f"{_SET} is off, and the type is not known there")
        raise Failed(f"authorization details give {describe(ours)}", _advice(idp))
    made_up = _ask(idp, [{"type": f"urn:staff0:doctor:{secrets.token_hex(8)}"}])
    if _is_taken(made_up):
        return "a made-up type is taken as well, so only check 9 shows what a token contains"
    return "our type is taken, and no other" + ("" if is_wanted else f": {_SET} can be switched on")


def _ask(idp: IdentityProvider, details: AuthorizationDetails) -> httpx.Response:
    return idp.start(f"auth0|doctor-{secrets.token_hex(12)}", "Staff0:doctor:000000", 300, json.dumps(details))


def _is_taken(response: httpx.Response) -> bool:
    return json_object(response).get("error") == "unknown_user_id"


def _advice(idp: IdentityProvider) -> str:
    api = f"APIs > {idp.subject.hr_api_audience}"
    access = f"Application Access > {idp.subject.hr_agent.name}: authorize it; or switch {_SET} off"
    return f"{api} > Permissions: add the type {TYPE}; {access}"
