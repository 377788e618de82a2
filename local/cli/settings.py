"""Settings in .env or in the environment: ports, and Auth0 instead of the stand-in identity provider."""

from collections import Counter
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from local.cli.env_values import ExistingFile, Host, Port, Proxy, Secret, Text, Url, Words
from local.cli.paths import PROJECT
from local.errors import LocalError

_PORTS = ("agent_port", "hr_api_port", "employee_page_port", "tenant_port", "phone_port", "aws_port", "sam_local_port")
# What a tenant needs, besides HR_AUTH0_DOMAIN: tenant.yaml makes these applications, and a public one for the page.
_APPLICATIONS = ("hr_agent_auth0", "directory_auth0", "a2a_client_auth0")
_PUBLIC_APPLICATION = "employee_page_auth0"


class LocalSettings(BaseSettings):
    """All settings. Each field is the environment variable of the same name in upper case.

    A name in .env that is not a field is an error.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_file=PROJECT / ".env", hide_input_in_errors=True, env_ignore_empty=True
    )

    agent_port: Port = 10050
    hr_api_port: Port = 10051
    tenant_port: Port = 10052
    phone_port: Port = 10053
    aws_port: Port = 10054
    employee_page_port: Port = 10055
    sam_local_port: Port = 3000
    requested_expiry_seconds: Annotated[int, Field(ge=30, le=300)] | None = None
    tenant_polls_per_second: Annotated[int, Field(ge=1, le=1000)] | None = None
    tenant_pushes_per_second: Annotated[int, Field(ge=1, le=1000)] | None = None
    client_authentication: Literal["client_secret", "private_key_jwt"] = "client_secret"

    hr_auth0_domain: Host = ""
    hr_auth0_tenant_domain: Host = ""
    # Another identity provider than Auth0, by the parameters of template.yaml (docs/adapting.md).
    auth0_issuer: Url = ""
    auth0_tenant_url: Url = ""
    token_endpoint: Url = ""
    ciba_endpoint: Url = ""
    jwks_uri: Url = ""
    audience_parameter: Literal["audience", "resource"] = "audience"
    login_hint_format: Literal["iss_sub", "sub"] = "iss_sub"
    denial_description: Words = "The end-user denied the authorization request"
    authorization_details: bool | None = None  # on with the stand-in, off with another identity provider

    hr_agent_auth0_client_id: Text = ""
    hr_agent_auth0_client_secret: Secret = SecretStr("")
    directory_auth0_client_id: Text = ""
    directory_auth0_client_secret: Secret = SecretStr("")
    a2a_client_auth0_client_id: Text = ""
    a2a_client_auth0_client_secret: Secret = SecretStr("")
    employee_page_auth0_client_id: Text = ""
    hr_agent_auth0_audience: Text = "https://staff0/agent"
    hr_api_auth0_audience: Text = "https://staff0/api"
    google_api_key: Secret = SecretStr("")
    allowed_connections: Text = ""
    gemini_api_key: Secret = SecretStr("")
    gemini_model: Text = "gemini-3.5-flash-lite"

    ssl_cert_file: ExistingFile = ""
    https_proxy: Proxy = ""
    no_proxy: Text = ""

    @property
    def uses_auth0(self) -> bool:
        """Whether an Auth0 tenant, or another identity provider, is configured; otherwise the stand-in is used."""
        return bool(self.hr_auth0_domain or self.auth0_issuer)

    @property
    def names_facts(self) -> bool:
        """Whether approvals have authorization details (RFC 9396), which a tenant has to know."""
        return not self.uses_auth0 if self.authorization_details is None else self.authorization_details

    @property
    def has_client_keys(self) -> bool:
        return self.client_authentication == "private_key_jwt"

    @property
    def model_api_key(self) -> SecretStr:
        """The key for Gemini, or an empty one. Google's client prefers GOOGLE_API_KEY as well."""
        return self.google_api_key or self.gemini_api_key

    @property
    def issuer(self) -> str:
        own = f"https://{self.hr_auth0_domain}/" if self.hr_auth0_domain else self.auth0_issuer
        return own or f"http://127.0.0.1:{self.tenant_port}/"

    @property
    def tenant_url(self) -> str:
        """The tenant's own URL where the issuer is a custom domain; else empty."""
        return f"https://{self.hr_auth0_tenant_domain}/" if self.hr_auth0_tenant_domain else self.auth0_tenant_url

    @property
    def agent_url(self) -> str:
        return f"http://127.0.0.1:{self.agent_port}"

    @property
    def hr_api_url(self) -> str:
        return f"http://127.0.0.1:{self.hr_api_port}"

    @property
    def employee_page_url(self) -> str:
        return f"http://127.0.0.1:{self.employee_page_port}"

    @property
    def phone_url(self) -> str:
        return f"http://127.0.0.1:{self.phone_port}"

    @property
    def aws_url(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"


def read_settings() -> LocalSettings:
    """Raises LocalError, which names each variable that is invalid, unknown or missing."""
    try:
        _require_known_names()
        settings = LocalSettings()
    except ValidationError as error:
        wrong = "; ".join(f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise LocalError(f"Invalid setting. {wrong}") from None
    except (UnicodeDecodeError, OSError) as error:
        raise LocalError(f".env cannot be read ({type(error).__name__}). It must be a text file in UTF-8.") from None
    _require_different_ports(settings)
    if settings.hr_auth0_domain and settings.auth0_issuer:
        raise LocalError("HR_AUTH0_DOMAIN and AUTH0_ISSUER name two identity providers. Keep one.")
    if settings.uses_auth0:
        _require_applications(settings)
    return settings


def _require_different_ports(settings: LocalSettings) -> None:
    ports = Counter(getattr(settings, name) for name in _PORTS)
    shared = [name.upper() for name in _PORTS if ports[getattr(settings, name)] > 1]
    if shared:
        raise LocalError(f"These settings have the same port: {', '.join(shared)}. Choose a different port for each.")


def _require_applications(settings: LocalSettings) -> None:
    """Raises LocalError, unless there are four applications, each with the secret that it needs."""
    ids = [f"{application}_client_id" for application in (*_APPLICATIONS, _PUBLIC_APPLICATION)]
    missing = [name.upper() for name in (*ids, *_needed_secrets(settings)) if not getattr(settings, name)]
    if missing:
        name = "HR_AUTH0_DOMAIN" if settings.hr_auth0_domain else "AUTH0_ISSUER"
        raise LocalError(f"{name} requires these settings: {', '.join(missing)} (see docs/operations.md)")
    count = Counter(getattr(settings, name) for name in ids)
    same = [name.upper() for name in ids if count[getattr(settings, name)] > 1]
    if same:
        raise LocalError(f"{' and '.join(same)} are the same. Each needs an application of its own (tenant.yaml).")


def _needed_secrets(settings: LocalSettings) -> list[str]:
    """The caller is not ours and has a secret in any case."""
    with_secret = _APPLICATIONS[2:] if settings.has_client_keys else _APPLICATIONS
    return [f"{application}_client_secret" for application in with_secret]


def _require_known_names() -> None:
    """Raises LocalError for a name in .env that is not a setting, also for one without a value."""
    names = DotEnvSettingsSource(LocalSettings, env_ignore_empty=False).env_vars
    unknown = [name.upper() for name in names if name not in LocalSettings.model_fields]
    if unknown:
        raise LocalError(" ".join(map(_describe_unknown, unknown)))


def _describe_unknown(name: str) -> str:
    known = [field.upper() for field in LocalSettings.model_fields]
    nearest = get_close_matches(name, known, n=1, cutoff=0.5)
    advice = f"Did you mean {nearest[0]}?" if nearest else f"The names are {', '.join(known)}."
    return f"{name} in .env is unknown. {advice}"
