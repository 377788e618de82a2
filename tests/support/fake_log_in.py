"""A fake of the identity provider's log-in in the test process: the authorization code flow with PKCE.

log_in = FakeLogIn()
answer = log_in.authorize(url, JOHN)      # the parameters of the redirect back, as if John had logged in
log_in.http(), log_in.metadata            # for the page
log_in.claims["nonce"] = "another"        # a hostile ID token
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
from jwt.utils import base64url_encode
from staff0.provider_metadata import ProviderMetadata

from tests.support.tokens import ISSUER, FakeKeys, sign

PAGE_CLIENT = "employee-page"
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}authorize",
    "token_endpoint": f"{ISSUER}oauth/token",
    "end_session_endpoint": f"{ISSUER}oidc/logout",
    "jwks_uri": f"{ISSUER}.well-known/jwks.json",
    "authorization_response_iss_parameter_supported": True,
}


@dataclass(frozen=True)
class User:
    sub: str
    name: str
    connection: str = "Staff0-Employees"


@dataclass
class FakeLogIn:
    """`claims` replace those of the ID tokens. `document` is the metadata. `fail` is the next answer for a code."""

    keys: FakeKeys = field(default_factory=FakeKeys)
    claims: dict[str, object] = field(default_factory=dict)
    document: dict[str, object] = field(default_factory=lambda: dict(METADATA))
    fail: httpx.Response | httpx.HTTPError | None = None
    forms: list[dict[str, str]] = field(default_factory=list)
    kid: str = "current"
    _codes: dict[str, tuple[User, dict[str, str]]] = field(default_factory=dict)

    @property
    def metadata(self) -> ProviderMetadata:
        return ProviderMetadata(ISSUER, fetch=lambda _url: self.document)

    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._serve))

    def authorize(self, url: str, user: User) -> dict[str, str]:
        """What the browser brings back after this user has logged in."""
        asked = dict(parse_qsl(urlsplit(url).query))
        code = secrets.token_urlsafe(8)
        self._codes[code] = user, asked
        return {"code": code, "state": asked["state"], "iss": ISSUER}

    def _serve(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == METADATA["token_endpoint"]
        form = {name: value for name, [value] in parse_qs(request.content.decode()).items()}
        self.forms.append(form)
        if isinstance(self.fail, httpx.HTTPError):
            raise self.fail
        return self.fail or self._exchange(form)

    def _exchange(self, form: dict[str, str]) -> httpx.Response:
        user, asked = self._codes.pop(form["code"], (None, {}))  # a code is used once
        challenge = base64url_encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        wanted = (asked.get("code_challenge"), asked.get("redirect_uri"), asked.get("client_id"))
        if user is None or wanted != (challenge, form["redirect_uri"], form["client_id"]):
            return httpx.Response(403, json={"error": "invalid_grant"})
        return httpx.Response(200, json={"access_token": "a", "id_token": self._id_token(user, asked)})

    def _id_token(self, user: User, asked: dict[str, str]) -> str:
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": user.sub,
            "aud": asked["client_id"],
            "nonce": asked["nonce"],
            "name": user.name,
            "https://staff0/connection": user.connection,
        }
        return sign(claims | self.claims, kid=self.kid)
