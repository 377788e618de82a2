"""What is examined: an identity provider, our applications there, employees, Gemini, and a stack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from staff0.secret_str import SecretStr

CHECK_THE_DOMAIN: Final = "is the domain right, with its region? Is a proxy needed (HTTPS_PROXY, SSL_CERT_FILE)?"
SECRET: Final = "client_secret_post"  # noqa: S105 - the name of a method
KEY: Final = "private_key_jwt"
PUBLIC: Final = "none"


@dataclass(frozen=True)
class Application:
    """An application at the identity provider. `form_fields` authenticates one request; its values are secret."""

    name: str
    client_id: str
    method: str
    form_fields: Callable[[], Mapping[str, str]]

    @classmethod
    def with_secret(cls, name: str, client_id: str, secret: SecretStr) -> "Application":
        return cls(
            name, client_id, SECRET, lambda: {"client_id": client_id, "client_secret": secret.get_secret_value()}
        )

    @classmethod
    def without_secret(cls, name: str, client_id: str) -> "Application":
        return cls(name, client_id, PUBLIC, lambda: {"client_id": client_id})


@dataclass(frozen=True)
class Gemini:
    api_key: SecretStr
    model: str
    base_url: str = ""


@dataclass(frozen=True)
class Employee:
    """`label` is for the output. `left_out` says why an employee is not checked; else it is empty."""

    user_id: str
    label: str
    left_out: str = ""


@dataclass(frozen=True)
class Subject:
    """Everything that the checks need.

    `tenant_url` is the URL of the Management API. `caller` is None without a caller's credentials.
    `known_endpoints` are those that the settings name, as in the metadata. `connections` are those whose users are
    employees; all if it is empty. `authorization_details` is true if pushes name their facts. `page` is the application
    by which employees log in at `page_url`. `agent_url` and `hr_api_url` are empty without a stack. `no_answer` is the
    advice if the identity provider does not answer.
    """

    issuer: str
    tenant_url: str
    hr_agent: Application
    directory: Application
    caller: Application | None
    agent_audience: str
    hr_api_audience: str
    known_endpoints: Mapping[str, str] = field(default_factory=dict)
    audience_parameter: str = "audience"
    login_hint_format: str = "iss_sub"
    authorization_details: bool = False
    has_custom_domain: bool = False
    connections: tuple[str, ...] = ()
    employees: tuple[Employee, ...] = ()
    page: Application | None = None
    page_url: str = ""
    gemini: Gemini | None = None
    agent_url: str = ""
    hr_api_url: str = ""
    no_answer: str = CHECK_THE_DOMAIN

    @property
    def may_be_auth0(self) -> bool:
        """False if the settings have a form of request that Auth0 does not take."""
        return (self.login_hint_format, self.audience_parameter) == ("iss_sub", "audience")
