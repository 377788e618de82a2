"""The stand-in identity provider as a process on free ports, and a client for its endpoints."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from local.cli.paths import NODE, PROJECT
from tests.support.waiting import PATIENCE_SECONDS, free_port, wait_until

SOURCE = PROJECT / "local" / "identity_provider"
CLIENTS = (
    *("A2A Client acme", "A2A Client globex", "A2A Client noscope"),
    *("HR Agent", "HR Agent Directory", "Staff0 Employee Page"),
)
JOHN = "auth0|66f1a0c2d4e5b60718293a01"

type StartIdp = Callable[..., "IdentityProvider"]
type Keys = dict[str, list[dict[str, object]]]


@dataclass(frozen=True)
class IdentityProvider:
    """A running process: HTTP clients for its two ports, the credentials of its clients, and common requests."""

    process: subprocess.Popen[str]
    issuer: str
    http: httpx.Client
    phone: httpx.Client

    def credentials(self, client: str) -> dict[str, str]:
        return {"client_id": f"id-of-{client}", "client_secret": f"secret-of-{client}-0123456789"}

    def machine_token(self, client: str, audience: str = "https://staff0/agent", **more: str) -> httpx.Response:
        form = {"grant_type": "client_credentials", "audience": audience, **self.credentials(client), **more}
        return self.http.post("/oauth/token", data=form)

    def directory_headers(self) -> dict[str, str]:
        """Authorization header for the Management API."""
        token = self.machine_token("HR Agent Directory", f"{self.issuer}api/v2/").json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    def authorize(self, sub: str = JOHN, **changes: str | None) -> httpx.Response:
        """POST /bc-authorize. A change to None leaves the parameter out."""
        form: dict[str, str | None] = {
            **self.credentials("HR Agent"),
            "login_hint": json.dumps({"format": "iss_sub", "iss": self.issuer, "sub": sub}),
            "scope": "openid read:employee",
            "audience": "https://staff0/api",
            "binding_message": "Staff0:acme:K7M4QX",
            "requested_expiry": "60",
            **changes,
        }
        return self.http.post("/bc-authorize", data={key: value for key, value in form.items() if value is not None})

    def auth_req_id(self, sub: str = JOHN, **changes: str | None) -> str:
        response = self.authorize(sub, **changes)
        assert response.status_code == 200, response.text
        return str(response.json()["auth_req_id"])

    def poll(self, auth_req_id: str, client: str = "HR Agent") -> httpx.Response:
        form = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": auth_req_id}
        return self.http.post("/oauth/token", data={**form, **self.credentials(client)})

    def answer_newest(self, answer: str) -> httpx.Response:
        """`answer` is `approve` or `deny`."""
        newest = self.phone.get("/api/requests").json()[0]
        return self.phone.post(f"/api/requests/{newest['id']}/{answer}")

    def claims_of(self, token: str, audience: str) -> dict[str, Any]:
        """Verifies a token and returns its claims. Raises jwt.InvalidTokenError."""
        keys = jwt.PyJWKSet.from_dict(self.http.get("/.well-known/jwks.json").json())
        key = keys[jwt.get_unverified_header(token)["kid"]]
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=self.issuer)
        return claims


def environment(folder: Path, keys: Keys | None = None, /, **settings: str) -> dict[str, str]:
    """Variables of the process. `keys`: client name → public keys (JWK), for clients without a secret."""
    secrets = folder / "secrets.json"
    known: dict[str, dict[str, object]] = {
        client: {"client_id": f"id-of-{client}", "client_secret": f"secret-of-{client}-0123456789"}
        for client in CLIENTS
    }
    known |= {client: {"client_id": f"id-of-{client}", "jwks": {"keys": jwks}} for client, jwks in (keys or {}).items()}
    secrets.write_text(json.dumps(known))
    return {
        "PATH": os.environ["PATH"],
        "TENANT_PORT": str(free_port()),
        "PHONE_PORT": str(free_port()),
        "TENANT_SECRETS": str(secrets),
        "TENANT_KEYS": str(folder / "keys.json"),
        "TENANT_PUSHES_PER_MINUTE": "1000",
        **settings,
    }


def launch(env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [NODE, SOURCE / "main.js"], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def wait_until_ready(process: subprocess.Popen[str], phone: httpx.Client) -> None:
    wait_until(lambda: process.poll() is not None or answers(phone), bool)
    if process.poll() is not None:
        pytest.fail(f"the identity provider did not start: {process.communicate()[0]}")


def answers(phone: httpx.Client) -> bool:
    try:
        phone.get("/api/health").raise_for_status()
    except httpx.TransportError:
        return False
    return True


def start(folder: Path, keys: Keys | None = None, /, **settings: str) -> IdentityProvider:
    env = environment(folder, keys, **settings)
    issuer = env.get("TENANT_ISSUER", f"http://127.0.0.1:{env['TENANT_PORT']}/")
    http = httpx.Client(base_url=f"http://127.0.0.1:{env['TENANT_PORT']}", trust_env=False)
    phone = httpx.Client(base_url=f"http://127.0.0.1:{env['PHONE_PORT']}", trust_env=False)
    process = launch(env)
    wait_until_ready(process, phone)
    return IdentityProvider(process, issuer, http, phone)


def stop(idp: IdentityProvider) -> None:
    idp.http.close()
    idp.phone.close()
    idp.process.terminate()
    idp.process.communicate(timeout=PATIENCE_SECONDS)
