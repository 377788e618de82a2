"""The identity provider's endpoints: from the settings, else from its metadata (OpenID Connect Discovery, RFC 8414).

The metadata is fetched at the first call that needs it, never at import, and kept for an hour.
"""

import json
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit

from staff0.connection_failure import describe_failure
from staff0.errors import IdpRejectedClient, IdpUnavailable
from staff0.setting_types import is_https_or_local

_TIMEOUT_SECONDS: Final = 3
_LIFETIME_SECONDS: Final = 3600
_FAILURE_SECONDS: Final = 5  # without a request, after one that failed
_MAX_BYTES: Final = 1_000_000
_NOT_FOUND: Final = 404

type Document = Mapping[str, Any]
type Fetch = Callable[[str], Document | None]


class Endpoints(Protocol):
    """Where one of our clients sends its requests. Each method raises IdpUnavailable, IdpRejectedClient."""

    def token(self) -> str:
        """The token endpoint (RFC 6749 3.2)."""

    def backchannel_authentication(self) -> str:
        """The endpoint that starts an authentication request (CIBA Core 7.1)."""


class ProviderMetadata:
    """The endpoints of one issuer.

    `base_url` is where the issuer is reached, if it is not at its own URL. `known` are endpoints that the settings
    name, by their name in the metadata; the issuer is asked for the others only.
    """

    def __init__(
        self,
        issuer: str,
        base_url: str = "",
        known: Mapping[str, str] | None = None,
        *,
        fetch: Fetch | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._base_url = base_url
        self._known = known or {}
        self._fetch = fetch or fetch_json
        self._monotonic = monotonic
        self._document: Document | None = None
        self._fetch_at = 0.0

    def token(self) -> str:
        return self._endpoint("token_endpoint")

    def backchannel_authentication(self) -> str:
        return self._endpoint("backchannel_authentication_endpoint")

    def jwks_uri(self) -> str:
        return self._endpoint("jwks_uri")

    def authorization(self) -> str:
        """Where a browser starts a log-in (RFC 6749 3.1)."""
        return self._named("authorization_endpoint")

    def end_session(self) -> str | None:
        """Where a browser logs out (OpenID Connect RP-Initiated Logout 2.1); None if the issuer announces none."""
        return self._named("end_session_endpoint") if "end_session_endpoint" in self._metadata() else None

    def names_issuer(self) -> bool:
        """Whether each authorization response has the parameter `iss` (RFC 9207 3)."""
        return self._metadata().get("authorization_response_iss_parameter_supported") is True

    def _endpoint(self, name: str) -> str:
        return self._known.get(name) or self._reachable(self._named(name))

    def _named(self, name: str) -> str:
        """The URL in the metadata, which a browser uses: it reaches the issuer at its own URL."""
        url = self._metadata().get(name)
        if not isinstance(url, str) or not is_https_or_local(url):
            raise IdpRejectedClient(f"the issuer's metadata names no {name} that this system may call")
        return url

    def _reachable(self, url: str) -> str:
        """The same URL below the base URL, if there is one and the endpoint is the issuer's own."""
        own = self._issuer.rstrip("/") + "/"
        return (
            self._base_url.rstrip("/") + "/" + url.removeprefix(own) if self._base_url and url.startswith(own) else url
        )

    def _metadata(self) -> Document:
        """An outage costs nothing while there is an earlier document: it stays in use until there is a new one."""
        if self._monotonic() < self._fetch_at:
            if self._document is None:
                raise IdpUnavailable("the issuer's metadata could not be read a moment ago")
            return self._document
        self._fetch_at = self._monotonic() + _FAILURE_SECONDS
        try:
            document = self._read()
        except (IdpUnavailable, IdpRejectedClient):
            if self._document is None:
                raise
            return self._document
        self._document, self._fetch_at = document, self._monotonic() + _LIFETIME_SECONDS
        return document

    def _read(self) -> Document:
        for url in metadata_urls(self._base_url or self._issuer):
            try:
                document = self._fetch(url)
            except (OSError, ValueError, RecursionError) as error:  # RecursionError: nested too deeply
                raise IdpUnavailable(f"the issuer's metadata cannot be read: {describe_failure(error)}") from None
            if document is not None:
                return self._of_this_issuer(document)
        raise IdpRejectedClient("the issuer publishes no metadata: is AUTH0_ISSUER right?")

    def _of_this_issuer(self, document: Document) -> Document:
        """The issuer must be the same to the character (Discovery 4.3, RFC 8414 3.3), as in the tokens."""
        if document.get("issuer") != self._issuer:
            named = str(document.get("issuer"))[:200]
            raise IdpRejectedClient(f"the metadata is that of the issuer {named!r}, and AUTH0_ISSUER is another")
        return document


def metadata_urls(issuer: str) -> tuple[str, ...]:
    """Where an issuer may publish its metadata: OpenID Connect Discovery 4, then RFC 8414 3.1."""
    parts = urlsplit(issuer.rstrip("/"))
    origin = f"{parts.scheme}://{parts.netloc}"
    return (
        f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        f"{origin}/.well-known/oauth-authorization-server{parts.path}",
    )


def fetch_json(url: str) -> Document | None:
    """The JSON object at a URL; None if there is nothing. Follows no redirect.

    Raises OSError without a usable response, ValueError for a body that is not a JSON object.
    """
    opener = urllib.request.build_opener(_NoRedirects())
    try:
        with opener.open(urllib.request.Request(url), timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - the issuer's
            document = json.loads(response.read(_MAX_BYTES))
    except HTTPError as error:
        error.close()
        if error.code == _NOT_FOUND:
            return None
        raise
    if not isinstance(document, dict):
        raise ValueError("the body is not a JSON object")  # noqa: TRY004 - the response is wrong, no argument
    return document


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None
