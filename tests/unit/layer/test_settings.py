from typing import Literal

import pytest
from approval.read_employment import ReadEmploymentSettings
from hr_agent.agent_settings import AgentSettings
from staff0.errors import SettingsError
from staff0.setting_types import Issuer, Name, Origins, RetiredKeys, Url, read_setting
from staff0.settings import load_settings

GOOD = {
    "AUTH0_ISSUER": "https://staff0.eu.auth0.com/",
    "HR_AGENT_AUTH0_AUDIENCE": "https://staff0/agent",
    "TASKS_TABLE": "tasks",
    "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:000000000000:stateMachine:approval",
    "WEBHOOK_KEY_ID": "key",
    "CALLERS_TABLE": "callers",
    "AUDIT_TABLE": "audit",
    "CARD_KEY_ID": "card-key",
    "LIMITS_KEY_ID": "limits",
    "ATTESTATION_KEY_ID": "attestation-key",
    "WEBHOOK_SIGNING_KEY_ID": "webhook-signing-key",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_settings_are_read_from_environment(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings(AgentSettings)
    assert settings.task_retention_days == 30


@pytest.mark.parametrize("issuer", ["https://staff0.eu.auth0.com", "https://idp.example/realms/staff0"])
def test_issuer_may_have_no_slash_at_the_end(environment: pytest.MonkeyPatch, issuer: str) -> None:
    environment.setenv("AUTH0_ISSUER", issuer)
    assert load_settings(AgentSettings).auth0_issuer == issuer


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTH0_ISSUER", "http://staff0.eu.auth0.com/"),
        ("AUTH0_ISSUER", "http://127.0.0.1.evil.example/"),
        ("AUTH0_ISSUER", "https://staff0.eu.auth0.com/?tenant=staff0"),
        ("JWKS_URI", "http://staff0.eu.auth0.com/jwks"),
        ("REQUESTED_EXPIRY_SECONDS", "301"),
        ("TASKS_TABLE", ""),
        ("RETIRED_KEYS", "["),
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


def test_error_names_all_wrong_variables(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("TASKS_TABLE")
    environment.setenv("STREAM_WINDOW_SECONDS", "soon")
    environment.setenv("LOOPBACK_WEBHOOKS", "perhaps")
    with pytest.raises(SettingsError) as caught:
        load_settings(AgentSettings)
    named = {problem.partition(":")[0] for problem in str(caught.value).split("; ")}
    assert named == {"TASKS_TABLE", "LOOPBACK_WEBHOOKS", "STREAM_WINDOW_SECONDS"}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (bool, "true", True),
        (bool, "false", False),
        (int, "20", 20),
        (Literal["audience", "resource"], "resource", "resource"),
        (RetiredKeys, "[]", ()),
    ],
)
def test_text_is_read_as_its_type(kind: object, text: str, value: object) -> None:
    assert read_setting(kind, text) == value


@pytest.mark.parametrize("kind", [bool, int, Literal["audience", "resource"], Name, RetiredKeys, Url, Issuer, Origins])
@pytest.mark.parametrize("text", ["", "canary", '["canary"]', '[{"kty": "canary"}]', "https://canary:x y?z"])
def test_no_error_shows_the_text(kind: object, text: str) -> None:
    try:
        read_setting(kind, text)
    except ValueError as error:
        assert "canary" not in str(error)  # noqa: PT017 - some of the texts are right


def test_settings_do_not_change(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings(AgentSettings)
    with pytest.raises(AttributeError):
        settings.tasks_table = "another"
    assert settings.tasks_table == "tasks"
