"""The tenant's clients. Secrets are asked for at every call, from a cache of minutes: a rotated one is picked up."""

from functools import cache, lru_cache

import httpx
from pydantic import SecretStr
from staff0.auth import JwksKeys
from staff0.ciba import CibaClient
from staff0.clock import utc_now
from staff0.directory import Directory
from staff0.secrets import get_secret
from staff0.settings import CibaSettings, RequestApprovalSettings
from staff0.tenant import TenantClient


def ciba(settings: CibaSettings) -> CibaClient:
    return _ciba(settings, get_secret(settings.hr_agent_auth0_client_secret_id))


def directory(settings: RequestApprovalSettings) -> Directory:
    return _directory(settings, get_secret(settings.directory_auth0_client_secret_id))


@cache
def _http() -> httpx.Client:
    return httpx.Client()


@cache
def _keys(jwks_url: str) -> JwksKeys:
    return JwksKeys(jwks_url)


@lru_cache(maxsize=1)
def _ciba(settings: CibaSettings, secret: SecretStr) -> CibaClient:
    client = TenantClient(settings.tenant_url, settings.auth0_issuer, settings.hr_agent_auth0_client_id, secret)
    return CibaClient(_http(), client, settings.hr_api_auth0_audience, _keys(settings.jwks_url), utc_now)


@lru_cache(maxsize=1)
def _directory(settings: RequestApprovalSettings, secret: SecretStr) -> Directory:
    client = TenantClient(settings.tenant_url, settings.auth0_issuer, settings.directory_auth0_client_id, secret)
    return Directory(_http(), client, utc_now)
