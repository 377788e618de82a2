"""Access token of the client: OAuth 2.0 client credentials (RFC 6749 4.4), with the `audience` parameter of Auth0."""

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


class _TokenResponse(BaseModel):
    """Token response (RFC 6749 5.1). Without `expires_in` the token is renewed after half a minute."""

    model_config = ConfigDict(frozen=True)

    access_token: SecretStr
    expires_in: float = 60.0


class AccessTokens(CredentialService):
    """Gets a token at first use, and the next one 30 s before it expires.

    The token URL comes from the card, and anyone can write a card. So the URL's host must be on the list of the user.
    """

    def __init__(
        self, http: httpx.AsyncClient, checked: CheckedCard, connection: Connection, monotonic: Callable[[], float]
    ) -> None:
        """Raises IdpRejectedClient if the token URL is not allowed."""
        self._http = http
        self._url = allowed_token_url(checked.token_url, connection)
        self._scheme = checked.scheme
        self._connection = connection
        self._monotonic = monotonic
        self._token: _TokenResponse | None = None
        self._renew_at = 0.0

    @property
    def host(self) -> str:
        return self._url.netloc.decode("ascii")

    async def get_credentials(self, security_scheme_name: str, context: ClientCallContext | None) -> str | None:  # noqa: ARG002
        """The token for the card's scheme, None for any other scheme. Raises IdpUnavailable, IdpRejectedClient."""
        return await self.token() if security_scheme_name == self._scheme else None

    async def token(self) -> str:
        """A valid access token. Raises IdpUnavailable, IdpRejectedClient."""
        if self._token is None or self._monotonic() >= self._renew_at:
            self._token = await self._fetch()
            self._renew_at = self._monotonic() + self._token.expires_in - RENEW_BEFORE_SECONDS
        return self._token.access_token.get_secret_value()

    async def _fetch(self) -> _TokenResponse:
        # Without `scope`: Auth0 returns all granted scopes, and answers an unknown scope with an error.
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
                f"The identity provider at {self.host} cannot be reached ({type(error).__name__}). Is it running?"
            ) from error
        if response.status_code != HTTPStatus.OK:
            raise self._error(response)
        return self._parse(response)

    def _parse(self, response: httpx.Response) -> _TokenResponse:
        try:
            return _TokenResponse.model_validate_json(response.content)
        except ValidationError:
            # Without its cause: that quotes the response, which may hold a token.
            raise IdpUnavailable(f"The identity provider at {self.host} sent a response without a token.") from None

    def _error(self, response: httpx.Response) -> ClientError:
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return IdpUnavailable(f"The identity provider at {self.host} is not available ({status}). Try again later.")
        return IdpRejectedClient(
            f"The identity provider at {self.host} gave no token ({status} {_error_of(response)}). "
            f"Check the client's id, its secret and the audience {self._connection.audience}."
        )


def allowed_token_url(text: str, connection: Connection) -> httpx.URL:
    """The card's token URL. Raises IdpRejectedClient if the client's secret may not be sent there."""
    url = parse_url(text)
    if url is None or not is_private_channel(url):
        raise IdpRejectedClient(f"The card's token URL must be https:// (http:// on this machine only), not {text!r}.")
    if not connection.token_hosts.allows(url):
        host = url.netloc.decode("ascii")
        raise IdpRejectedClient(
            f"The card wants the client's secret sent to {host}, which is not on the list; nothing was sent. "
            f"If that is your identity provider, add --token-host {host}."
        )
    return url


def _error_of(response: httpx.Response) -> str:
    """The error and its description (RFC 6749 5.2), or the HTTP reason phrase if the body has neither."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        body = None
    fields = [body.get("error"), body.get("error_description")] if isinstance(body, dict) else []
    return ": ".join(field for field in fields if isinstance(field, str)) or response.reason_phrase
