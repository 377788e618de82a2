"""Builds our clients of the identity provider from the settings. Each one has its own KMS key or its own secret."""

import uuid
from functools import cache

import httpx
from staff0 import aws_clients
from staff0.auth import JwksKeys
from staff0.clock import utc_now
from staff0.secrets import get_secret
from staff0.settings import CibaSettings, IdentityProviderSettings, RequestApprovalSettings
from staff0.signing import KmsRsaSigningKey

from approval.identity_provider.ciba_client import CibaClient
from approval.identity_provider.client_authentication import (
    ClientAuthentication,
    ClientSecretPost,
    IdpClient,
    PrivateKeyJwt,
)
from approval.identity_provider.directory import Directory


@cache
def ciba(settings: CibaSettings) -> CibaClient:
    client = _client(
        settings,
        settings.hr_agent_auth0_client_id,
        secret_id=settings.hr_agent_auth0_client_secret_id,
        key_id=settings.hr_agent_auth0_client_key_id,
    )
    return CibaClient(_http(), client, settings.hr_api_auth0_audience, JwksKeys(settings.jwks_url), utc_now)


@cache
def directory(settings: RequestApprovalSettings) -> Directory:
    client = _client(
        settings,
        settings.directory_auth0_client_id,
        secret_id=settings.directory_auth0_client_secret_id,
        key_id=settings.directory_auth0_client_key_id,
    )
    return Directory(_http(), client, utc_now)


@cache
def _http() -> httpx.Client:
    return httpx.Client()


def _client(settings: IdentityProviderSettings, client_id: str, *, secret_id: str, key_id: str) -> IdpClient:
    """Uses the key if the settings have both a key and a secret."""
    authentication: ClientAuthentication
    if key_id:
        key = KmsRsaSigningKey(aws_clients.kms, key_id)
        authentication = PrivateKeyJwt(client_id, settings.auth0_issuer, key, utc_now, lambda: str(uuid.uuid4()))
    else:
        authentication = ClientSecretPost(client_id, lambda fresh: get_secret(secret_id, fresh=fresh))
    return IdpClient(settings.identity_provider_url, settings.auth0_issuer, client_id, authentication)
