"""The browser's part of a log-in: the authorization request, and its response (RFC 6749 4.1, RFC 7636, RFC 9207).

State, nonce and code verifier are derived from the cookie of the log-in. So they belong to this browser and to this
log-in, and nothing is stored.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from jwt.utils import base64url_encode
from staff0.provider_metadata import ProviderMetadata

from employee_page.derived_secrets import derive_text
from employee_page.log_in_errors import LogInRefused, StaleLogIn

SCOPE: Final = "openid profile"  # profile: the name, so that the page says who is logged in


@dataclass(frozen=True)
class AuthorizationFlow:
    """`connections` are the names of those whose users are employees; empty for all."""

    metadata: ProviderMetadata
    issuer: str
    client_id: str
    connections: tuple[str, ...] = ()

    def request_url(self, cookie: str, redirect_uri: str) -> str:
        """Where to send the browser. Raises IdpUnavailable, IdpRejectedClient."""
        challenge = base64url_encode(hashlib.sha256(code_verifier(cookie).encode()).digest()).decode()
        parameters = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": _state(cookie),
            "nonce": nonce(cookie),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if len(self.connections) == 1:  # Auth0's parameter: no choice among log-ins of which one works
            parameters["connection"] = self.connections[0]
        return f"{self.metadata.authorization()}?{urlencode(parameters)}"

    def code(self, cookie: str, response: Mapping[str, str]) -> str:
        """The code of an authorization response.

        Raises StaleLogIn, LogInRefused, and IdpUnavailable or IdpRejectedClient without the metadata.
        """
        if not cookie or not _is_same(response.get("state", ""), _state(cookie)):
            raise StaleLogIn("the state is that of no log-in of this browser")
        if not self._is_from_issuer(response):
            raise StaleLogIn("the response is another issuer's, or names none")
        if "error" in response:
            raise LogInRefused("the identity provider refused the log-in")
        if not response.get("code"):
            raise StaleLogIn("the response has no code")
        return response["code"]

    def _is_from_issuer(self, response: Mapping[str, str]) -> bool:
        """RFC 9207 2.4: checked where it is, and required where the metadata announces it."""
        named = response.get("iss")
        return named == self.issuer if named is not None else not self.metadata.names_issuer()


def nonce(cookie: str) -> str:
    return derive_text(cookie, "nonce")


def code_verifier(cookie: str) -> str:
    """43 characters (RFC 7636 4.1)."""
    return derive_text(cookie, "code verifier")


def _state(cookie: str) -> str:
    return derive_text(cookie, "state")


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
