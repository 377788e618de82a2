"""A fake of Auth0 in the test process: the protocol over httpx.MockTransport, by the clock of the test.

Serves bc-authorize, oauth/token (CIBA and client credentials) and JWKS as Auth0 documents them, and the look-ups of
fake_management_api. An IdpProfile decides what Auth0's documentation leaves open.

    idp = FakeIdp(clock)                          # clock: Callable[[], datetime]
    idp.add(Employee("auth0|john", "jdoe@staff0.com"))
    ciba = CibaClient(idp.http(), ..., keys=idp.keys, clock=clock)
    idp.approve("auth0|john")                     # or deny(): answers the newest push of this employee
    idp.pushes, idp.polls                         # the pushes sent, and the time of each poll
    idp.fail_next("/oauth/token", respond(503))   # for one request; faults are in fake_idp_faults

Its clients are CIBA_CLIENT / CIBA_SECRET and DIRECTORY_CLIENT / DIRECTORY_SECRET. For an access token without the flow
see tests/support/tokens.py.
"""

import json
import secrets
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs

import httpx
from approval.identity_provider.client_authentication import ClientSecretPost, IdpClient
from staff0.clock import Clock
from staff0.provider_metadata import ProviderMetadata
from staff0.secret_str import SecretStr

from tests.support.fake_idp_faults import Fault
from tests.support.fake_idp_profiles import CIBA_PROFILE, IdpProfile
from tests.support.fake_management_api import TOKEN_SECONDS, Employee, FakeManagementApi
from tests.support.tokens import CIBA_CLIENT, ISSUER, FakeKeys, sign

CIBA_SECRET = "ciba-secret"
DENIED_OR_EXPIRED = "The end-user denied the authorization request or it has been expired"
DIRECTORY_CLIENT, DIRECTORY_SECRET = "directory-client", "directory-secret"

ENDPOINTS = ProviderMetadata(
    ISSUER,
    known={
        "token_endpoint": f"{ISSUER}oauth/token",
        "backchannel_authentication_endpoint": f"{ISSUER}bc-authorize",
        "jwks_uri": f"{ISSUER}.well-known/jwks.json",
    },
)

type Form = dict[str, str]


def idp_client(client_id: str, *secrets: str) -> IdpClient:
    """A client that authenticates by secret. A fresh read drops the first of `secrets`, as a rotation does."""
    remaining = deque(secrets)

    def read(fresh: bool) -> SecretStr:
        if fresh and len(remaining) > 1:
            remaining.popleft()
        return SecretStr(remaining[0])

    return IdpClient(ENDPOINTS, ISSUER, client_id, ClientSecretPost(client_id, read))


@dataclass
class Push:
    """One push to an employee's phone; `answer` is "approved", "denied", or None before the employee answers."""

    auth_req_id: str
    employee: Employee
    form: Form
    expires_at: datetime
    interval_seconds: int
    answer: str | None = None
    used: bool = False
    polled_at: datetime | None = None


@dataclass
class FakeIdp:
    clock: Clock
    profile: IdpProfile = CIBA_PROFILE
    interval_seconds: int = 5
    keys: FakeKeys = field(default_factory=FakeKeys)
    employees: dict[str, Employee] = field(default_factory=dict)
    pushes: list[Push] = field(default_factory=list)
    polls: list[datetime] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    token_overrides: dict[str, object] = field(default_factory=dict)  # claims of a hostile identity provider
    id_token_overrides: dict[str, object] = field(default_factory=dict)
    signs_with: str = "current"  # the kid of the tokens
    leaves_out: frozenset[str] = frozenset()  # facts to which employees do not agree
    _faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _management_api: FakeManagementApi = field(init=False)

    def __post_init__(self) -> None:
        self._management_api = FakeManagementApi(self.clock, self.employees)

    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._handle))

    def add(self, *employees: Employee) -> None:
        self.employees |= {employee.sub: employee for employee in employees}

    def approve(self, sub: str) -> None:
        self._newest(sub).answer = "approved"

    def deny(self, sub: str) -> None:
        self._newest(sub).answer = "denied"

    def fail_next(self, path: str, fault: Fault, *, times: int = 1) -> None:
        self._faults[path].extend([fault] * times)

    def _newest(self, sub: str) -> Push:
        return next(push for push in reversed(self.pushes) if push.employee.sub == sub)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        faults = self._faults[request.url.path]
        return faults.popleft()(self.serve, request) if faults else self.serve(request)

    def serve(self, request: httpx.Request) -> httpx.Response:
        """The response without faults."""
        path = request.url.raw_path.decode().partition("?")[0]
        match request.method, path:
            case "POST", "/bc-authorize":
                return self._start(_form(request))
            case "POST", "/oauth/token":
                return self._token(_form(request))
            case "GET", "/.well-known/jwks.json":
                return httpx.Response(200, json=self.keys.jwks())
            case "GET", _ if path.startswith("/api/v2/"):
                return self._management_api.serve(request, path.removeprefix("/api/v2/"))
        return httpx.Response(404, text="Not found")

    def _start(self, form: Form) -> httpx.Response:
        if (form.get("client_id"), form.get("client_secret")) != (CIBA_CLIENT, CIBA_SECRET):
            return _error(401, "access_denied", "Unauthorized")
        hint = json.loads(form["login_hint"])
        employee = self.employees.get(hint["sub"])
        if (hint["format"], hint["iss"]) != ("iss_sub", ISSUER) or employee is None:
            return _error(400, "unknown_user_id", "User ID is malformed or unknown")
        if not employee.enrolled:
            return _error(400, "invalid_request", "no push notifications")
        lifetime = int(form.get("requested_expiry", "300"))
        expires_at = self.clock() + timedelta(seconds=lifetime)
        push = Push(secrets.token_urlsafe(32), employee, form, expires_at, self.interval_seconds)
        self.pushes.append(push)
        waits = {"expires_in": lifetime, "interval": push.interval_seconds} if self.profile.sends_waits else {}
        return httpx.Response(200, json={"auth_req_id": push.auth_req_id, **waits})

    def _token(self, form: Form) -> httpx.Response:
        match form.get("grant_type"), form.get("client_id"), form.get("client_secret"):
            case "client_credentials", str(client), str(secret) if (client, secret) == (
                DIRECTORY_CLIENT,
                DIRECTORY_SECRET,
            ):
                return self._directory_token(form)
            case "urn:openid:params:grant-type:ciba", str(client), str(secret) if (client, secret) == (
                CIBA_CLIENT,
                CIBA_SECRET,
            ):
                return self._poll(form.get("auth_req_id", ""))
        return _error(401, "access_denied", "Unauthorized")

    def _poll(self, auth_req_id: str) -> httpx.Response:
        now = self.clock()
        self.polls.append(now)
        push = next((push for push in self.pushes if push.auth_req_id == auth_req_id and not push.used), None)
        if push is None:
            return _error(400, "invalid_grant", "unknown or used auth_req_id")
        too_fast = push.polled_at is not None and now < push.polled_at + timedelta(seconds=push.interval_seconds)
        push.polled_at = now
        if too_fast:
            return self._slow_down(push)
        if now >= push.expires_at:
            return _error(self.profile.pending_status, self.profile.expiry_error, DENIED_OR_EXPIRED)
        if push.answer is None:
            return _error(self.profile.pending_status, "authorization_pending", "pending")
        push.used = True
        if push.answer == "denied":
            return _error(self.profile.pending_status, "access_denied", DENIED_OR_EXPIRED)
        return httpx.Response(200, json=self._tokens(push))

    def _slow_down(self, push: Push) -> httpx.Response:
        push.interval_seconds += 5
        status = 429 if self.profile.pending_status == 403 else 400
        if not self.profile.sends_waits:
            return httpx.Response(status, json={"error": "slow_down"})
        headers = {"Retry-After": str(push.interval_seconds)}
        return httpx.Response(status, json={"error": "slow_down", "interval": push.interval_seconds}, headers=headers)

    def _tokens(self, push: Push) -> dict[str, object]:
        scopes = set(push.form["scope"].split()) & push.employee.scopes
        access: dict[str, object] = {
            "iss": ISSUER,
            "sub": push.employee.sub,
            "aud": [push.form["audience"], f"{ISSUER}userinfo"]
            if self.profile.audience_as_list
            else push.form["audience"],
            "azp" if self.profile.token_type == "JWT" else "client_id": CIBA_CLIENT,
            "scope": " ".join(sorted(scopes)),
        }
        if "authorization_details" in push.form:
            access["authorization_details"] = self._granted(json.loads(push.form["authorization_details"]))
        if self.profile.token_type == "at+jwt":
            access["jti"] = f"token-of-{push.auth_req_id}"  # RFC 9068 2.2
        identity: dict[str, object] = {"iss": ISSUER, "sub": push.employee.sub, "aud": CIBA_CLIENT}
        return {
            "access_token": sign(access | self.token_overrides, kid=self.signs_with, typ=self.profile.token_type),
            "id_token": sign(identity | self.id_token_overrides, kid=self.signs_with),
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": access["scope"],
        }

    def _granted(self, details: list[dict[str, dict[str, object]]]) -> list[dict[str, object]]:
        """What the employee agrees to: all that was asked, without the properties of `leaves_out` (RFC 9396 7)."""
        return [
            {**detail, "properties": {n: p for n, p in detail["properties"].items() if n not in self.leaves_out}}
            for detail in details
        ]

    def _directory_token(self, form: Form) -> httpx.Response:
        if form.get("audience") != f"{ISSUER}api/v2/":
            return _error(403, "access_denied", "Service not enabled within domain")
        token = self._management_api.new_token()
        return httpx.Response(200, json={"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})


def _form(request: httpx.Request) -> Form:
    return {name: values[0] for name, values in parse_qs(request.content.decode(), keep_blank_values=True).items()}


def _error(status: int, error: str, description: str) -> httpx.Response:
    return httpx.Response(status, json={"error": error, "error_description": description})
