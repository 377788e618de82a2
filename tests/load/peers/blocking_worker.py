"""The design of the public sample: a worker is blocked while the employee decides. Here the worker is a thread.

.local/venv-peers/bin/python -m tests.load.peers.blocking_worker TENANT    (as JSON)
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx

from tests.load.peers.sdk_server import BINDING_MESSAGE, SCOPE, AccessDenied, Tenant, serve

_GRANT: Final = "urn:openid:params:grant-type:ciba"
_THREADS: Final = 2_000


class BlockingWorkers:
    """A thread for each approval. It polls as often as the tenant allows."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._threads = ThreadPoolExecutor(_THREADS)
        self._http = httpx.Client(trust_env=False, timeout=30, limits=httpx.Limits(max_connections=None))

    async def authorize(self, sub: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask_and_wait, sub)

    def _ask_and_wait(self, sub: str) -> str:
        form = {
            "scope": f"openid {SCOPE}",
            "audience": self._tenant.hr_audience,
            "login_hint": self._tenant.login_hint(sub),
            "binding_message": BINDING_MESSAGE,
        }
        asked = self._post("bc-authorize", form).raise_for_status().json()
        poll = {"grant_type": _GRANT, "auth_req_id": asked["auth_req_id"]}
        while True:
            time.sleep(asked["interval"])
            answer = self._post("oauth/token", poll).json()
            if "access_token" in answer:
                return str(answer["access_token"])
            if answer["error"] != "authorization_pending":
                raise AccessDenied(answer["error"])

    def _post(self, path: str, form: dict[str, Any]) -> httpx.Response:
        return self._http.post(f"{self._tenant.issuer}{path}", data=form | self._tenant.hr_agent)


if __name__ == "__main__":
    tenant = Tenant.from_argument()
    serve(tenant, BlockingWorkers(tenant).authorize)
