"""Check 13: can employees log in to their page?"""

import hashlib
import secrets
from typing import Final
from urllib.parse import parse_qs, urlsplit

from jwt.utils import base64url_encode

from operations.doctor import tenant_advice
from operations.doctor.findings import Failed, NotChecked
from operations.doctor.http import describe, json_object
from operations.doctor.identity_provider import IdentityProvider
from operations.doctor.subject import Application

_GRANT: Final = "Authorization Code"
_GRANT_TYPE: Final = "authorization_code"
_ENDPOINT: Final = "authorization_endpoint"
_SCOPE: Final = "openid profile"
_MAX_CHARACTERS: Final = 200


def check(idp: IdentityProvider) -> str:
    """Begins a log-in as the page does, and redeems a code that was never issued. No person logs in."""
    page, url = idp.subject.page, idp.subject.page_url.rstrip("/")
    if page is None or not url:
        raise NotChecked("no stack with the employees' page was found")
    if not _has_code_flow(idp):
        raise NotChecked("not applicable: the metadata names no authorization code flow, so the page has no log-in")
    verifier = secrets.token_urlsafe(32)
    _require_log_in(idp, page, f"{url}/callback", verifier)
    _require_code_flow(idp, page, f"{url}/callback", verifier)
    return f"{page.name} may log employees in at {url}"


def _has_code_flow(idp: IdentityProvider) -> bool:
    is_offered = idp.offers("response_types_supported", "code")
    return is_offered and idp.offers("grant_types_supported", _GRANT_TYPE) and bool(idp.endpoint(_ENDPOINT))


def _require_log_in(idp: IdentityProvider, page: Application, callback: str, verifier: str) -> None:
    """RFC 6749 4.1.2.1: an unknown client or callback URL is shown to the browser; it is sent on otherwise."""
    connections = idp.subject.connections
    response = idp.begin_log_in(
        {
            "response_type": "code",
            "client_id": page.client_id,
            "redirect_uri": callback,
            "scope": _SCOPE,
            "state": secrets.token_urlsafe(16),
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": base64url_encode(hashlib.sha256(verifier.encode()).digest()).decode(),
            "code_challenge_method": "S256",
            **({"connection": connections[0]} if len(connections) == 1 else {}),
        }
    )
    settings = f"Applications > {page.name} > Settings"
    if not response.has_redirect_location:
        advice = f"{settings} > Application URIs > Allowed Callback URLs: {callback}; and is its client id right?"
        raise Failed(f"a log-in does not begin: {response.status_code}", advice)
    refused = parse_qs(urlsplit(response.headers["Location"]).query)
    if "error" in refused:
        words = " ".join(refused["error"] + refused.get("error_description", []))[:_MAX_CHARACTERS]
        advice = f"{settings} > Advanced > Grant Types: switch on {_GRANT}; Allowed Callback URLs: {callback}"
        raise Failed(f"a log-in does not begin: {words}", advice)


def _require_code_flow(idp: IdentityProvider, page: Application, callback: str, verifier: str) -> None:
    """RFC 6749 5.2: the code is refused only after the application and its grant were accepted."""
    form = {
        "grant_type": _GRANT_TYPE,
        "code": secrets.token_urlsafe(32),
        "redirect_uri": callback,
        "code_verifier": verifier,
    }
    response = idp.post("token_endpoint", page, form)
    if json_object(response).get("error") != "invalid_grant":
        advice = tenant_advice.advice(response, page, _GRANT, idp.subject.issuer)
        raise Failed(f"a made-up code gives {describe(response)}", advice)
