"""Settings in .env and the environment, and the messages for wrong or missing ones."""

from pathlib import Path

import pytest

from local.cli.client_secrets import DIRECTORY, configured_clients
from local.cli.paths import PROJECT
from local.cli.settings import read_settings
from local.cli.stack_parameters import stack_parameters
from local.errors import LocalError

pytestmark = pytest.mark.usefixtures("without_settings_of_this_machine")

AUTH0_SETTINGS = {
    "HR_AUTH0_DOMAIN": "staff0.us.auth0.com",
    "HR_AGENT_AUTH0_CLIENT_ID": "hr-agent",
    "HR_AGENT_AUTH0_CLIENT_SECRET": "not-for-the-screen",
    "DIRECTORY_AUTH0_CLIENT_ID": "directory",
    "DIRECTORY_AUTH0_CLIENT_SECRET": "not-for-the-screen-either",
    "A2A_CLIENT_AUTH0_CLIENT_ID": "caller",
    "A2A_CLIENT_AUTH0_CLIENT_SECRET": "nor-this",
    "EMPLOYEE_PAGE_AUTH0_CLIENT_ID": "page",
}


def test_defaults_use_loopback_and_the_stand_in() -> None:
    settings = read_settings()
    assert not settings.uses_auth0
    assert settings.issuer == "http://127.0.0.1:10052/"
    assert settings.agent_url == "http://127.0.0.1:10050"


def test_port_in_env_file_changes_urls(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TENANT_PORT=20052\nPHONE_PORT=20053\n")
    settings = read_settings()
    assert settings.issuer == "http://127.0.0.1:20052/"
    assert settings.phone_url == "http://127.0.0.1:20053"


def test_auth0_domain_sets_the_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in AUTH0_SETTINGS.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.issuer == "https://staff0.us.auth0.com/"
    assert "not-for-the-screen" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("https://Staff0.US.auth0.com/", "staff0.us.auth0.com"),
        (" login.staff0.com ", "login.staff0.com"),
        ("staff0.us.auth0.com/", "staff0.us.auth0.com"),
    ],
)
def test_copied_domain_becomes_a_bare_host(monkeypatch: pytest.MonkeyPatch, given: str, host: str) -> None:
    for name, value in (AUTH0_SETTINGS | {"HR_AUTH0_DOMAIN": given}).items():
        monkeypatch.setenv(name, value)
    assert read_settings().issuer == f"https://{host}/"


@pytest.mark.parametrize("missing", [*AUTH0_SETTINGS][1:])
def test_domain_requires_each_application(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in AUTH0_SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(missing)
    with pytest.raises(LocalError, match=rf"HR_AUTH0_DOMAIN requires these settings: {missing} "):
        read_settings()


def test_custom_domain_names_the_tenants_own(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"HR_AUTH0_DOMAIN": "login.staff0.com", "HR_AUTH0_TENANT_DOMAIN": "staff0.us.auth0.com"}
    for name, value in (AUTH0_SETTINGS | names).items():
        monkeypatch.setenv(name, value)
    parameters = stack_parameters(read_settings())
    assert parameters["Auth0Issuer"] == "https://login.staff0.com/"
    assert parameters["Auth0TenantUrl"] == "https://staff0.us.auth0.com/"


def test_another_identity_provider_needs_settings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = {
        "AUTH0_ISSUER": "https://idp.example/realms/staff0",
        "AUTH0_TENANT_URL": "https://directory.example/",
        "TOKEN_ENDPOINT": "https://idp.example/realms/staff0/token",
        "AUDIENCE_PARAMETER": "resource",
        "LOGIN_HINT_FORMAT": "sub",
        "DENIAL_DESCRIPTION": "access denied",
    }
    for name, value in (AUTH0_SETTINGS | provider).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(LocalError, match="HR_AUTH0_DOMAIN and AUTH0_ISSUER"):
        read_settings()
    monkeypatch.delenv("HR_AUTH0_DOMAIN")
    parameters = stack_parameters(read_settings())
    assert parameters["Auth0Issuer"] == provider["AUTH0_ISSUER"]
    assert parameters["Auth0TenantUrl"] == provider["AUTH0_TENANT_URL"]
    assert parameters["TokenEndpoint"] == provider["TOKEN_ENDPOINT"]
    assert (parameters["AudienceParameter"], parameters["LoginHintFormat"]) == ("resource", "sub")
    assert parameters["DenialDescription"] == "access denied"
    assert parameters["PushesPerEmployeePerHour"] == "5"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({}, "true"),  # the stand-in knows the type
        (AUTH0_SETTINGS, "false"),
        (AUTH0_SETTINGS | {"AUTHORIZATION_DETAILS": "true"}, "true"),
        ({"AUTHORIZATION_DETAILS": "false"}, "false"),
    ],
)
def test_approvals_name_facts_where_the_tenant_knows_the_type(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str], expected: str
) -> None:
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert stack_parameters(read_settings())["AuthorizationDetails"] == expected


def test_applications_must_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (AUTH0_SETTINGS | {"DIRECTORY_AUTH0_CLIENT_ID": "hr-agent"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(LocalError, match="HR_AGENT_AUTH0_CLIENT_ID and DIRECTORY_AUTH0_CLIENT_ID are the same"):
        read_settings()


def test_private_key_jwt_needs_only_the_callers_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in AUTH0_SETTINGS.items():
        monkeypatch.setenv(name, value)
    for name in ("HR_AGENT_AUTH0_CLIENT_SECRET", "DIRECTORY_AUTH0_CLIENT_SECRET"):
        monkeypatch.delenv(name)
    with pytest.raises(LocalError, match="HR_AGENT_AUTH0_CLIENT_SECRET"):
        read_settings()
    monkeypatch.setenv("CLIENT_AUTHENTICATION", "private_key_jwt")
    assert read_settings().has_client_keys


def minimal_env_of_the_docs() -> str:
    text = (PROJECT / "docs" / "operations.md").read_text()
    return text.split("## Your own tenant", 1)[1].split("```")[1].strip()


def test_env_file_of_the_docs_is_complete(tmp_path: Path) -> None:
    lines = minimal_env_of_the_docs().splitlines()
    filled = [line.replace("…", f"value-{number}", 1) for number, line in enumerate(lines)]
    (tmp_path / ".env").write_text("\n".join(filled))
    settings = read_settings()
    assert settings.issuer == "https://your-tenant.eu.auth0.com/"
    assert configured_clients(settings)[DIRECTORY] == {"client_id": "value-3", "client_secret": "value-4"}


def test_value_left_as_in_the_docs_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(minimal_env_of_the_docs())
    with pytest.raises(LocalError, match=r"HR_AGENT_AUTH0_CLIENT_SECRET: .* such as the … of an example"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AGENT_PORT", "0"),
        ("REQUESTED_EXPIRY_SECONDS", "301"),
        ("CLIENT_AUTHENTICATION", "password"),
        ("HR_AUTH0_DOMAIN", "http://staff0.us.auth0.com"),
        ("HR_AUTH0_DOMAIN", "https://staff0.us.auth0.com/authorize"),
        ("HR_AUTH0_DOMAIN", "staff0"),
        ("HR_AUTH0_DOMAIN", "staff0 us.auth0.com"),
        ("HR_API_AUTH0_AUDIENCE", "https://staff0/ api"),
        ("SSL_CERT_FILE", "no-such-file.pem"),
        ("AUTH0_ISSUER", "http://idp.example/"),
        ("HTTPS_PROXY", "socks5://127.0.0.1:1080"),
    ],
)
def test_invalid_value_is_reported_with_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(LocalError, match=name):
        read_settings()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"GEMINI_API_KEY": "one"}, "one"),
        ({"GOOGLE_API_KEY": "two"}, "two"),
        ({"GEMINI_API_KEY": "one", "GOOGLE_API_KEY": "two"}, "two"),
        ({}, ""),
    ],
)
def test_both_names_of_the_key_for_gemini(monkeypatch: pytest.MonkeyPatch, keys: dict[str, str], expected: str) -> None:
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    assert read_settings().model_api_key.get_secret_value() == expected


def test_same_port_for_two_services_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_PORT", "10051")
    with pytest.raises(LocalError, match="AGENT_PORT, HR_API_PORT"):
        read_settings()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("AGENT_PROT=1", "AGENT_PROT in .env is unknown. Did you mean AGENT_PORT?"),
        ("HR_AUTH0_DOMIAN=", "Did you mean HR_AUTH0_DOMAIN?"),
        ("sam_local_prot=1", "Did you mean SAM_LOCAL_PORT?"),
        ("AUTH0_DOMAIN=x", "Did you mean HR_AUTH0_DOMAIN?"),
        ("GOOGLE_KEY=not-for-the-screen", "Did you mean GOOGLE_API_KEY?"),
        ("XYZ=not-for-the-screen", "XYZ in .env is unknown. The names are AGENT_PORT, HR_API_PORT,"),
    ],
)
def test_unknown_name_in_env_file_is_an_error_with_the_nearest(tmp_path: Path, line: str, expected: str) -> None:
    (tmp_path / ".env").write_text(f"# comment\n\nTENANT_PORT=20052\n{line}\n")
    with pytest.raises(LocalError) as error_info:
        read_settings()
    assert expected in str(error_info.value)
    assert "not-for-the-screen" not in str(error_info.value)


def test_other_variables_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_PROT", "1")
    assert read_settings().agent_port == 10050


def test_env_file_that_is_not_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"AGENT_PORT=\xff\n")
    with pytest.raises(LocalError, match=r"\.env cannot be read"):
        read_settings()
