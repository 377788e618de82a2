"""Running identity providers: one for all tests, and further ones with other settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from staff0.secret_str import SecretStr

from operations.doctor.subject import Application, Employee, Gemini, Subject
from tests.integration.identity_provider import stand_in
from tests.integration.identity_provider.doctor_runs import MODEL, PAGE, application
from tests.integration.identity_provider.stand_in import JOHN, IdentityProvider, Keys, StartIdp
from tests.support.fake_gemini import FakeGemini, running_gemini
from tests.support.fake_stack_apis import FakeStackApis, serve_stack_apis


@pytest.fixture(scope="session")
def idp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityProvider]:
    """An identity provider with the default settings. A test that uses it leaves its state unchanged."""
    running = stand_in.start(tmp_path_factory.mktemp("idp"))
    yield running
    stand_in.stop(running)


@pytest.fixture
def start_idp(tmp_path: Path) -> Iterator[StartIdp]:
    """Starts identity providers with the given settings, and stops them after the test."""
    running: list[IdentityProvider] = []

    def start(keys: Keys | None = None, /, **settings: str) -> IdentityProvider:
        running.append(stand_in.start(tmp_path, keys, **settings))
        return running[-1]

    yield start
    for idp in running:
        stand_in.stop(idp)


@pytest.fixture
def apis() -> Iterator[FakeStackApis]:
    with serve_stack_apis() as running:
        yield running


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with running_gemini() as running:
        running.text, running.answered_by = "{}", MODEL
        yield running


@pytest.fixture
def subject(idp: IdentityProvider, apis: FakeStackApis, gemini: FakeGemini) -> Subject:
    """Everything as it should be."""
    return Subject(
        issuer=idp.issuer,
        tenant_url=idp.issuer,
        hr_agent=application(idp, "HR Agent"),
        directory=application(idp, "HR Agent Directory"),
        caller=application(idp, "A2A Client acme"),
        agent_audience="https://staff0/agent",
        hr_api_audience="https://staff0/api",
        authorization_details=True,
        employees=(Employee(JOHN, "John Doe"),),
        page=Application.without_secret(PAGE, idp.credentials(PAGE)["client_id"]),
        page_url="http://127.0.0.1:10055",
        gemini=Gemini(SecretStr("key"), MODEL, gemini.url),
        agent_url=apis.url,
        hr_api_url=apis.url,
    )
