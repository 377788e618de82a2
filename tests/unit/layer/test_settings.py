import pytest
from staff0.errors import SettingsError
from staff0.settings import AgentSettings, ReadEmploymentSettings, load_settings

GOOD = {
    "AUTH0_ISSUER": "https://staff0.eu.auth0.com/",
    "HR_AGENT_AUTH0_AUDIENCE": "https://staff0/agent",
    "TASKS_TABLE": "tasks",
    "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:000000000000:stateMachine:approval",
    "WEBHOOK_KEY_ID": "key",
    "CALLERS_TABLE": "callers",
    "AUDIT_TABLE": "audit",
    "CARD_KEY_ID": "card-key",
    "ATTESTATION_KEY_ID": "attestation-key",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_settings_are_read_from_environment(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings(AgentSettings)
    assert settings.task_retention_days == 30
    assert settings.jwks_url == "https://staff0.eu.auth0.com/.well-known/jwks.json"


def test_base_url_overrides_issuer(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AUTH0_BASE_URL", "http://host.docker.internal:10052")
    assert load_settings(AgentSettings).identity_provider_url == "http://host.docker.internal:10052/"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTH0_ISSUER", "http://staff0.eu.auth0.com/"),
        ("AUTH0_ISSUER", "http://127.0.0.1.evil.example/"),
        ("AUTH0_ISSUER", "https://staff0.eu.auth0.com"),
        ("REQUESTED_EXPIRY_SECONDS", "301"),
        ("TASKS_TABLE", ""),
        ("RETIRED_KEYS", '[{"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "k", "d": "private"}]'),
    ],
)
def test_error_names_wrong_variable(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load_settings(AgentSettings)


def test_error_shows_no_value(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HR_API_BASE_URL", "ftp://user:canary@host/")
    environment.setenv("APPROVAL_KEY_ID", "key")
    environment.setenv("PAIRWISE_KEY_ID", "key")
    with pytest.raises(SettingsError) as caught:
        load_settings(ReadEmploymentSettings)
    assert "canary" not in str(caught.value)
