"""Checks 2 to 7: metadata, keys, and our three applications."""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
from staff0.auth import JwksKeys, TokenVerifier
from staff0.errors import CallerError, KeysUnavailable
from staff0.provider_metadata import metadata_urls
from staff0.secret_str import SecretStr
from staff0.skills import SKILLS

from operations.doctor import tenant_advice
from operations.doctor.findings import Failed, NotChecked
from operations.doctor.http import describe, json_object, send
from operations.doctor.subject import Application, Subject

CIBA_GRANT: Final = "urn:openid:params:grant-type:ciba"  # CIBA Core 10.1
_CIBA_ENDPOINT: Final = "backchannel_authentication_endpoint"
EMPLOYEE_SCOPES: Final = tuple(dict.fromkeys(skill.employee_scope for skill in SKILLS))  # of an employee's token
_CALLER_SCOPE: Final = "read:employee_status"
_DIRECTORY_SCOPE: Final = "read:users"
_LEEWAY_SECONDS: Final = 10  # of our token verification
_UNUSED_ADDRESS: Final = "doctor@staff0.invalid"


class IdentityProvider:
    """One identity provider. Later checks use the endpoints and the tokens that earlier ones have found."""

    def __init__(self, subject: Subject, http: httpx.Client, clock: Callable[[], datetime]) -> None:
        self.subject = subject
        self.http = http
        self.clock = clock
        self._document: Mapping[str, Any] = {}
        self._caller_token: SecretStr | None = None
        self._directory_token: SecretStr | None = None

    def endpoint(self, name: str) -> str:
        return self.subject.known_endpoints.get(name) or str(self._document.get(name, ""))

    def offers(self, member: str, value: str) -> bool:
        """Whether the metadata lists the value, or does not have the list (RFC 8414 2). Raises NotChecked."""
        if not self._document:
            raise NotChecked("needs check 2")
        listed = self._document.get(member)
        return not isinstance(listed, list) or value in listed

    @property
    def caller_token(self) -> SecretStr:
        if self._caller_token is None:
            raise NotChecked("needs check 4")
        return self._caller_token

    @property
    def management_api(self) -> str:
        return f"{self.subject.tenant_url.rstrip('/')}/api/v2/"

    def management(self, path: str, **params: str) -> httpx.Response:
        """GET of the Management API."""
        if self._directory_token is None:
            raise NotChecked("needs check 5")
        headers = {"Authorization": f"Bearer {self._directory_token.get_secret_value()}"}
        return self._send("GET", self.management_api + path, params=params, headers=headers)

    def metadata(self) -> str:
        """Check 2. Discovery 4.3: the issuer must be the configured one, to the character."""
        response = self._read_metadata()
        document = json_object(response)
        issuer = document.get("issuer")
        if issuer != self.subject.issuer:
            advice = f"make it the issuer of the settings (HR_AUTH0_DOMAIN, Auth0Issuer): now {self.subject.issuer}"
            raise Failed(f"the metadata names another issuer: {issuer}", advice)
        self._require_ciba(document)
        self._document = document
        return f"{issuer} offers CIBA in poll mode"

    def _read_metadata(self) -> httpx.Response:
        for url in metadata_urls(self.subject.issuer):
            response = self._send("GET", url)
            if response.is_success and json_object(response):
                return response
        advice = "is the domain right, with its region (your-tenant.eu.auth0.com)?"
        raise Failed(f"{self.subject.issuer} publishes no metadata: {describe(response)}", advice)

    def _require_ciba(self, document: Mapping[str, Any]) -> None:
        if not (self.subject.known_endpoints.get(_CIBA_ENDPOINT) or document.get(_CIBA_ENDPOINT)):
            advice = "CIBA needs Auth0's Enterprise plan or its add-on; for another provider set CibaEndpoint"
            raise Failed(f"the metadata names no {_CIBA_ENDPOINT}", advice)
        modes = document.get("backchannel_token_delivery_modes_supported", ["poll"])
        if "poll" not in modes:
            raise Failed(f"CIBA has the modes {modes}, not poll", "switch poll mode on at the identity provider")
        offered = document.get("token_endpoint_auth_methods_supported", [])
        method = self.subject.hr_agent.method
        if offered and method not in offered:
            advice = "set ClientAuthentication to one of them (CLIENT_AUTHENTICATION in .env)"
            raise Failed(f"{method} is not among the authentication methods {', '.join(map(str, offered))}", advice)

    def keys(self) -> str:
        """Check 3. The clock is compared here, since a wrong one makes good tokens invalid."""
        response = self._send("GET", self._required("jwks_uri"))
        found = json_object(response).get("keys", [])
        usable = [key for key in found if key.get("kid") and key.get("kty") == "RSA"] if isinstance(found, list) else []
        if not response.is_success or not usable:
            advice = "Settings > Signing Keys; the APIs must sign with RS256"
            raise Failed(f"no RSA key with a kid: {describe(response)}", advice)
        seconds = self._clock_difference(response)
        if seconds > _LEEWAY_SECONDS:
            advice = "correct the clock of this machine (a time service such as systemd-timesyncd)"
            raise Failed(f"this machine's clock differs by {seconds:.0f} s", advice)
        return f"{len(usable)} signing key(s), and the clocks agree"

    def _clock_difference(self, response: httpx.Response) -> float:
        try:
            theirs = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            return 0
        return abs((self.clock() - theirs).total_seconds())

    def caller(self) -> str:
        """Check 4. The token is verified as the agent does."""
        application = self.subject.caller
        if application is None:
            raise NotChecked("set A2A_CLIENT_AUTH0_CLIENT_ID and A2A_CLIENT_AUTH0_CLIENT_SECRET to check a caller")
        body = self._machine_token(application, self.subject.agent_audience, _CALLER_SCOPE)
        token = str(body["access_token"])
        keys = JwksKeys(lambda: self._required("jwks_uri"))
        try:
            claims = TokenVerifier(self.subject.issuer, self.subject.agent_audience, keys).verify(token)
        except (CallerError, KeysUnavailable) as error:
            advice = f"APIs > {self.subject.agent_audience}: RS256; the caller uses the domain of {self.subject.issuer}"
            raise Failed(f"the agent would refuse it: {error}", advice) from None
        if not claims.is_machine or _CALLER_SCOPE not in claims.scopes:
            access = f"APIs > {self.subject.agent_audience} > Application Access: authorize {application.name}"
            raise Failed("the token is not a machine's, or lacks the scope", f"{access} for {_CALLER_SCOPE}")
        self._caller_token = SecretStr(token)
        return f"{application.name} gets a token that the agent accepts"

    def directory(self) -> str:
        """Check 5. The look-up is for an address that no user can have."""
        body = self._machine_token(self.subject.directory, self.management_api, _DIRECTORY_SCOPE)
        self._directory_token = SecretStr(str(body["access_token"]))
        response = self.management("users-by-email", email=_UNUSED_ADDRESS)
        if response.status_code in {httpx.codes.FORBIDDEN, httpx.codes.UNAUTHORIZED}:
            self._directory_token = None
            access = f"APIs > Auth0 Management API > Application Access: grant {_DIRECTORY_SCOPE} to"
            raise Failed(f"no look-up: {describe(response)}", f"{access} {self.subject.directory.name}")
        if not response.is_success:
            raise Failed(f"no look-up: {describe(response)}", self._advice(response, self.subject.directory, ""))
        extra = sorted(set(str(body.get("scope", "")).split()) - {_DIRECTORY_SCOPE})
        note = f"; take back what it does not need: {' '.join(extra)}" if extra else ""
        return f"{self.subject.directory.name} may look up users{note}"

    def hr_agent(self) -> str:
        """Check 6. CIBA Core 11: a poll with an id that was never issued gives invalid_grant."""
        form = {"grant_type": CIBA_GRANT, "auth_req_id": secrets.token_urlsafe(32)}
        response = self.post("token_endpoint", self.subject.hr_agent, form)
        if json_object(response).get("error") == "invalid_grant":
            return f"{self.subject.hr_agent.name} may poll"
        advice = self._advice(response, self.subject.hr_agent, "CIBA")
        raise Failed(f"a made-up auth_req_id gives {describe(response)}", advice)

    def unknown_user(self) -> str:
        """Check 7. A whole request, for a user who does not exist, so that no phone rings."""
        response = self.start(f"auth0|doctor-{secrets.token_hex(12)}", "Staff0:doctor:000000", 300)
        if json_object(response).get("error") == "unknown_user_id":
            return "a request for an unknown user gives unknown_user_id"
        if response.is_success:
            raise Failed("a user of a made-up id was asked", "report it: no user should have had this id")
        advice = self._advice(response, self.subject.hr_agent, "CIBA")
        raise Failed(f"a request for an unknown user gives {describe(response)}", advice)

    def start(
        self, sub: str, binding_message: str, expiry_seconds: int, authorization_details: str = ""
    ) -> httpx.Response:
        """Sends an authentication request (CIBA Core 7.1), as the workflow does. The details are JSON, or empty.

        It asks for the scopes of all questions, so that one request shows which of them is missing.
        """
        hint = json.dumps({"format": "iss_sub", "iss": self.subject.issuer, "sub": sub})
        form = {
            "login_hint": hint if self.subject.login_hint_format == "iss_sub" else sub,
            "scope": " ".join(["openid", *EMPLOYEE_SCOPES]),
            self.subject.audience_parameter: self.subject.hr_api_audience,
            "binding_message": binding_message,
            "requested_expiry": str(expiry_seconds),
            **({"authorization_details": authorization_details} if authorization_details else {}),
        }
        return self.post(_CIBA_ENDPOINT, self.subject.hr_agent, form)

    def begin_log_in(self, parameters: Mapping[str, str]) -> httpx.Response:
        """Sends an authorization request (RFC 6749 4.1.1), as a browser does. Follows no redirect."""
        return self._send("GET", self._required("authorization_endpoint"), params=parameters)

    def post(self, endpoint: str, application: Application, form: Mapping[str, str]) -> httpx.Response:
        return self._send("POST", self._required(endpoint), data={**form, **application.form_fields()})

    def _send(self, method: str, url: str, **arguments: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
        return send(self.http, method, url, no_answer=self.subject.no_answer, **arguments)

    def _machine_token(self, application: Application, audience: str, scope: str) -> Mapping[str, Any]:
        url = self._required("token_endpoint")
        if application is self.subject.directory and self.subject.has_custom_domain:
            url = f"{self.subject.tenant_url.rstrip('/')}/oauth/token"
        parameter = "audience" if application is self.subject.directory else self.subject.audience_parameter
        form = {"grant_type": "client_credentials", parameter: audience, "scope": scope}
        response = self._send("POST", url, data={**form, **application.form_fields()})
        body = json_object(response)
        if response.is_success and body.get("access_token"):
            return body
        advice = tenant_advice.advice(response, application, "Client Credentials", audience)
        raise Failed(f"{application.name} gets no token: {describe(response)}", advice)

    def _required(self, name: str) -> str:
        if not self.endpoint(name):
            raise NotChecked("needs check 2")
        return self.endpoint(name)

    def _advice(self, response: httpx.Response, application: Application, grant: str) -> str:
        return tenant_advice.advice(response, application, grant, self.subject.hr_api_audience)
