"""What a person would build today: the SDK's server round auth0-ai's blocking authorizer.

.local/venv-peers/bin/python -m tests.load.peers.auth0_ai_agent TENANT    (as JSON)

auth0-ai's code is not changed. Two things that it fixes for Auth0 are set for a tenant on http that takes forms only:
the scheme of the issuer in the login hint, and the content type of the token request.
"""

# mypy: ignore-errors
# auth0-ai is not in the environment of the type checker.

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from auth0_ai.authorizers.async_authorization import AsyncAuthorizerBase
from auth0_ai.authorizers.async_authorization.async_authorizer_base import get_async_authorization_credentials
from auth0_ai.interrupts.async_authorization_interrupts import AccessDeniedInterrupt

from tests.load.peers.sdk_server import BINDING_MESSAGE, SCOPE, AccessDenied, Tenant, serve

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class LocalAuthorizer(AsyncAuthorizerBase):
    """auth0-ai's authorizer for one tenant. Each question is a context of its own, so that no token is used twice."""

    def __init__(self, tenant: Tenant) -> None:
        params = {
            "scopes": [SCOPE],
            "audience": tenant.hr_audience,
            "user_id": lambda sub: sub,
            "binding_message": BINDING_MESSAGE,
            "on_authorization_request": "block",
        }
        super().__init__(params, {"domain": urlsplit(tenant.issuer).netloc, "protocol": "http", **tenant.hr_agent})
        self.get_token.client.base_headers.update(_FORM)
        self._tenant = tenant
        self._protected = self.protect(_new_context, _access_token)

    async def authorize(self, sub: str) -> str:
        try:
            return await self._protected(sub)
        except AccessDeniedInterrupt as error:
            raise AccessDenied from error

    async def _get_authorize_params(self, sub: str) -> dict[str, Any]:
        params = await super()._get_authorize_params(sub)
        return params | {"login_hint": self._tenant.login_hint(sub)}


def _new_context(_sub: str) -> dict[str, str]:
    call = str(uuid4())
    return {"thread_id": call, "tool_name": "is_active_employee", "tool_call_id": call}


async def _access_token(_sub: str) -> str:
    return str(get_async_authorization_credentials()["access_token"])


if __name__ == "__main__":
    tenant = Tenant.from_argument()
    serve(tenant, LocalAuthorizer(tenant).authorize)
