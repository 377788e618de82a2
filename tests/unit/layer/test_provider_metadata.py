"""Endpoints of the identity provider: from its metadata, fetched once, and only of the configured issuer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from staff0.auth import JwksKeys
from staff0.errors import IdpRejectedClient, IdpUnavailable, KeysUnavailable
from staff0.provider_metadata import ProviderMetadata, fetch_json, metadata_urls

from tests.support.jwks_server import JwksServer, serve_jwks

AUTH0 = "https://staff0.eu.auth0.com/"
REALM = "https://idp.example/realms/staff0"


class Provider:
    """Publishes the metadata of one issuer, and counts the requests."""

    def __init__(self, issuer: str = AUTH0, **changes: object) -> None:
        base = issuer.rstrip("/")
        self.document: dict[str, Any] | None = {
            "issuer": issuer,
            "token_endpoint": f"{base}/oauth/token",
            "backchannel_authentication_endpoint": f"{base}/bc-authorize",
            "jwks_uri": f"{base}/.well-known/jwks.json",
            **changes,
        }
        self.urls: list[str] = []
        self.failure: Exception | None = None
        self.now = 0.0

    def fetch(self, url: str) -> dict[str, Any] | None:
        self.urls.append(url)
        if self.failure:
            raise self.failure
        return self.document

    def metadata(self, issuer: str = AUTH0, **arguments: Any) -> ProviderMetadata:
        return ProviderMetadata(issuer, fetch=self.fetch, monotonic=lambda: self.now, **arguments)


@pytest.mark.parametrize("issuer", [AUTH0, AUTH0.rstrip("/"), REALM])
def test_endpoints_of_an_issuer_with_or_without_a_slash(issuer: str) -> None:
    provider = Provider(issuer)
    metadata = provider.metadata(issuer)
    base = issuer.rstrip("/")
    assert metadata.token() == f"{base}/oauth/token"
    assert metadata.backchannel_authentication() == f"{base}/bc-authorize"
    assert metadata.jwks_uri() == f"{base}/.well-known/jwks.json"
    assert provider.urls == [f"{base}/.well-known/openid-configuration"]


def test_nothing_is_fetched_before_an_endpoint_is_needed() -> None:
    provider = Provider()
    metadata = provider.metadata(known={"jwks_uri": "https://keys.example/jwks"})
    assert metadata.jwks_uri() == "https://keys.example/jwks"
    assert provider.urls == []


def test_metadata_is_fetched_again_after_an_hour_and_outlives_an_outage() -> None:
    provider = Provider()
    metadata = provider.metadata()
    metadata.token()
    provider.now = 3599
    metadata.token()
    assert len(provider.urls) == 1
    provider.now, provider.failure = 3601, OSError()
    assert metadata.token() == f"{AUTH0}oauth/token"
    provider.now, provider.failure = 3607, None
    provider.document = Provider(token_endpoint=f"{AUTH0}new/token").document
    assert metadata.token() == f"{AUTH0}new/token"
    assert len(provider.urls) == 3


def test_outage_is_an_outage_and_asks_once_in_five_seconds() -> None:
    provider = Provider()
    provider.failure = OSError()
    metadata = provider.metadata()
    for _ in range(3):
        with pytest.raises(IdpUnavailable):
            metadata.token()
    assert len(provider.urls) == 1
    provider.now, provider.failure = 6, None
    assert metadata.token() == f"{AUTH0}oauth/token"


@pytest.mark.parametrize("other", [AUTH0.rstrip("/"), "https://attacker.example/", None])
def test_metadata_of_another_issuer_is_refused(other: str | None) -> None:
    metadata = Provider(issuer=AUTH0) if other is None else Provider()
    assert metadata.document is not None
    metadata.document["issuer"] = other
    with pytest.raises(IdpRejectedClient, match="AUTH0_ISSUER is another"):
        metadata.metadata().token()


@pytest.mark.parametrize("url", [None, 7, "", "http://staff0.eu.auth0.com/bc-authorize", "/bc-authorize", "https://["])
def test_missing_or_plain_endpoint_is_refused(url: object) -> None:
    metadata = Provider(backchannel_authentication_endpoint=url).metadata()
    with pytest.raises(IdpRejectedClient, match="names no backchannel_authentication_endpoint"):
        metadata.backchannel_authentication()


def test_issuer_without_metadata_is_refused_after_both_places() -> None:
    provider = Provider()
    provider.document = None
    with pytest.raises(IdpRejectedClient, match="publishes no metadata"):
        provider.metadata(REALM).token()
    assert provider.urls == list(metadata_urls(REALM))
    assert provider.urls[1] == "https://idp.example/.well-known/oauth-authorization-server/realms/staff0"


def test_own_endpoints_are_reached_below_the_base_url() -> None:
    """A container reaches the laptop's identity provider under another name than the issuer's."""
    provider = Provider("http://127.0.0.1:10052/", jwks_uri="https://keys.example/jwks")
    metadata = provider.metadata("http://127.0.0.1:10052/", base_url="http://host.docker.internal:10052")
    assert metadata.token() == "http://host.docker.internal:10052/oauth/token"
    assert metadata.jwks_uri() == "https://keys.example/jwks"
    assert provider.urls == ["http://host.docker.internal:10052/.well-known/openid-configuration"]


def test_browsers_are_sent_to_the_issuer_itself() -> None:
    """Only programs reach it below the base URL: a container's name for this machine means nothing to a browser."""
    log_in = {"authorization_endpoint": f"{AUTH0}authorize", "end_session_endpoint": f"{AUTH0}oidc/logout"}
    metadata = Provider(**log_in).metadata(base_url="http://host.docker.internal:10052/")
    assert metadata.authorization() == f"{AUTH0}authorize"
    assert metadata.end_session() == f"{AUTH0}oidc/logout"


def test_log_out_is_not_known_if_it_is_not_announced() -> None:
    assert Provider().metadata().end_session() is None


@pytest.mark.parametrize(("announced", "names"), [(True, True), (False, False), (None, False), ("true", False)])
def test_issuer_in_responses_is_known_if_it_is_announced(announced: object, names: bool) -> None:
    metadata = Provider(authorization_response_iss_parameter_supported=announced).metadata()
    assert metadata.names_issuer() is names


@pytest.mark.parametrize("url", ["http://idp.example/authorize", "javascript:alert(1)", None, 1])
def test_browser_is_sent_to_no_other_kind_of_url(url: object) -> None:
    metadata = Provider(authorization_endpoint=url, end_session_endpoint=url).metadata()
    with pytest.raises(IdpRejectedClient):
        metadata.authorization()
    with pytest.raises(IdpRejectedClient):
        metadata.end_session()


@pytest.fixture
def server() -> Iterator[JwksServer]:
    with serve_jwks() as running:
        yield running


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [(500, "{}", OSError), (302, "{}", OSError), (200, "[]", ValueError), (200, "<html>", ValueError)],
)
def test_unusable_response_raises(server: JwksServer, status: int, body: str, error: type[Exception]) -> None:
    server.status, server.body = status, body
    with pytest.raises(error):
        fetch_json(server.url)


def test_missing_document_is_none(server: JwksServer) -> None:
    server.status = 404
    assert fetch_json(server.url) is None


@pytest.mark.parametrize("failure", [OSError(), ValueError(), RecursionError()])
def test_keys_are_unavailable_while_the_metadata_is(failure: Exception) -> None:
    provider = Provider()
    provider.failure = failure
    with pytest.raises(KeysUnavailable, match="metadata cannot be read"):
        JwksKeys(provider.metadata().jwks_uri).find("kid")


def test_keys_of_another_issuer_are_not_read() -> None:
    locate: Callable[[], str] = Provider(issuer=REALM).metadata().jwks_uri
    with pytest.raises(KeysUnavailable, match="AUTH0_ISSUER is another"):
        JwksKeys(locate).find("kid")
