"""Builds our clients of the identity provider from the settings. Each one has its own KMS key or its own secret."""

from __future__ import annotations

import uuid
from functools import cache
from typing import TYPE_CHECKING

import httpx
from staff0 import aws_clients
from staff0.auth import JwksKeys
from staff0.authorization_details import DisclosureFormat
from staff0.clock import utc_now
from staff0.provider_metadata import ProviderMetadata
from staff0.secrets import get_secret
from staff0.signing import KmsRsaSigningKey
from staff0.skills import SKILLS

from approval.identity_provider.ciba_client import CibaClient, RequestDialect
from approval.identity_provider.client_authentication import (
    ClientAuthentication,
    ClientSecretPost,
    IdpClient,
    PrivateKeyJwt,
)
from approval.identity_provider.directory import Directory
from approval.identity_provider.endpoints import ManagementApi, TenantEndpoints

if TYPE_CHECKING:
    from staff0.settings import CibaSettings

    from approval.request_approval_settings import RequestApprovalSettings


@cache
def ciba(settings: CibaSettings) -> CibaClient:
    client = IdpClient(
        metadata(settings),
        settings.auth0_issuer,
        settings.hr_agent_auth0_client_id,
        _authentication(
            settings.hr_agent_auth0_client_id,
            settings.auth0_issuer,
            secret_id=settings.hr_agent_auth0_client_secret_id,
            key_id=settings.hr_agent_auth0_client_key_id,
        ),
    )
    keys = JwksKeys(metadata(settings).jwks_uri)
    dialect = RequestDialect(settings.login_hint_format, settings.audience_parameter, settings.denial_description)
    disclosures = DisclosureFormat(SKILLS.facts)
    return CibaClient(
        _http(), client, settings.hr_api_auth0_audience, keys, utc_now, disclosures=disclosures, dialect=dialect
    )


@cache
def directory(settings: RequestApprovalSettings) -> Directory:
    """Everything at the tenant's own URL where there is one: a custom domain's token is for the custom domain only."""
    own_url = settings.auth0_tenant_url
    client = IdpClient(
        TenantEndpoints(own_url) if own_url else metadata(settings),
        own_url or settings.auth0_issuer,
        settings.directory_auth0_client_id,
        _authentication(
            settings.directory_auth0_client_id,
            own_url or settings.auth0_issuer,
            secret_id=settings.directory_auth0_client_secret_id,
            key_id=settings.directory_auth0_client_key_id,
        ),
    )
    api = ManagementApi(own_url) if own_url else ManagementApi(settings.auth0_issuer, settings.auth0_base_url)
    return Directory(_http(), client, api, utc_now, settings.connections)


@cache
def metadata(settings: CibaSettings) -> ProviderMetadata:
    """One for both clients, so that the metadata is fetched once."""
    known = {
        "token_endpoint": settings.token_endpoint,
        "backchannel_authentication_endpoint": settings.ciba_endpoint,
        "jwks_uri": settings.jwks_uri,
    }
    return ProviderMetadata(settings.auth0_issuer, settings.auth0_base_url, known)


@cache
def _http() -> httpx.Client:
    return httpx.Client()


def _authentication(client_id: str, audience: str, *, secret_id: str, key_id: str) -> ClientAuthentication:
    """Uses the key if the settings have both a key and a secret. `audience` is for its assertions (RFC 7523 3)."""
    if key_id:
        key = KmsRsaSigningKey(aws_clients.kms, key_id)
        return PrivateKeyJwt(client_id, audience, key, utc_now, lambda: str(uuid.uuid4()))
    return ClientSecretPost(client_id, lambda fresh: get_secret(secret_id, fresh=fresh))
