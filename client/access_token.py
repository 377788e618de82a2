"""The client's own token: OAuth 2.0 client credentials (RFC 6749, 4.4), with the audience that Auth0 asks for."""

import json
from collections.abc import Callable
from http import HTTPStatus

import httpx
from a2a.client import ClientCallContext
from a2a.client.auth import CredentialService
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from client.addresses import is_private_channel, parse_url
from client.card_requirements import CheckedCard
from client.connection import Connection
from client.errors import ClientError, IdpRejectedClient, IdpUnavailable

RENEW_BEFORE_SECONDS = 30.0


class _Token(BaseModel):
    """RFC 6749, 5.1. Who leaves out `expires_in` gets asked again every minute."""

    model_config = ConfigDict(frozen=True)

    access_token: SecretStr
    expires_in: float = 60.0


class TenantTokens(CredentialService):
    """Gets a token when it is needed and again shortly before it ends.

    The token URL comes from the card, which anybody could have written, so its host must be on the list.
    """

    def __init__(
        self, http: httpx.AsyncClient, checked: CheckedCard, connection: Connection, monotonic: Callable[[], float]
    ) -> None:
        self._http = http
        self._url = allowed_token_url(checked.token_url, connection)
        self._scheme = checked.scheme
        self._connection = connection
        self._monotonic = monotonic
        self._token: _Token | None = None
        self._renew_at = 0.0

    @property
    def host(self) -> str:
        return self._url.netloc.decode("ascii")

    async def get_credentials(self, security_scheme_name: str, context: ClientCallContext | None) -> str | None:  # noqa: ARG002
        """The token for the card's scheme, None for any other; IdpUnavailable, IdpRejectedClient."""
        return await self.token() if security_scheme_name == self._scheme else None

    async def token(self) -> str:
        if self._token is None or self._monotonic() >= self._renew_at:
            self._token = await self._fetch()
            self._renew_at = self._monotonic() + self._token.expires_in - RENEW_BEFORE_SECONDS
        return self._token.access_token.get_secret_value()

    async def _fetch(self) -> _Token:
        # No `scope`: the tenant gives what this client was granted, and answers an unknown scope with an error.
        form = {
            "grant_type": "client_credentials",
            "client_id": self._connection.client_id,
            "client_secret": self._connection.client_secret.get_secret_value(),
            "audience": self._connection.audience,
        }
        try:
            response = await self._http.post(self._url, data=form)
        except httpx.RequestError as error:
            raise IdpUnavailable(
                f"The tenant at {self.host} cannot be reached ({type(error).__name__}). Is it running?"
            ) from error
        if response.status_code != HTTPStatus.OK:
            raise self._failure(response)
        return self._read(response)

    def _read(self, response: httpx.Response) -> _Token:
        try:
            return _Token.model_validate_json(response.content)
        except ValidationError:
            # Without its cause: that quotes the answer, which may hold a token.
            raise IdpUnavailable(f"The tenant at {self.host} gave an answer without a token in it.") from None

    def _failure(self, response: httpx.Response) -> ClientError:
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return IdpUnavailable(f"The tenant at {self.host} gives no token now ({status}). Try again later.")
        return IdpRejectedClient(
            f"The tenant at {self.host} gave no token ({status} {_error_of(response)}). "
            f"Check the client's id, its secret and the audience {self._connection.audience}."
        )


def allowed_token_url(text: str, connection: Connection) -> httpx.URL:
    """The card's token URL if our secret may go there; IdpRejectedClient otherwise."""
    url = parse_url(text)
    if url is None or not is_private_channel(url):
        raise IdpRejectedClient(f"The card's token URL must be https:// (http:// on this machine only), not {text!r}.")
    if not connection.token_hosts.allows(url):
        host = url.netloc.decode("ascii")
        raise IdpRejectedClient(
            f"The card wants the client's secret sent to {host}, which is not on the list; nothing was sent. "
            f"If that is your tenant, add --token-host {host}."
        )
    return url


def _error_of(response: httpx.Response) -> str:
    """RFC 6749, 5.2: the error and its description, or the HTTP phrase if the body has none."""
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    fields = [body.get("error"), body.get("error_description")] if isinstance(body, dict) else []
    return ": ".join(field for field in fields if isinstance(field, str)) or response.reason_phrase
