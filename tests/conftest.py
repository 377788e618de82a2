"""AWS in the test's own process, by moto, for unit tests; and the `system` fixture: the stack on this machine."""

from __future__ import annotations

import gc
import io
import logging
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from hypothesis import HealthCheck, settings
from moto import mock_aws
from staff0.observability import logger
from staff0.tasks import AuditTrail, TaskStore

from tests.support import docker_engine, shared_state, suites
from tests.support.clock import FakeClock
from tests.support.dummy_credentials import DUMMY_CREDENTIALS, REGION
from tests.support.moto_differences import take_digests
from tests.support.moto_tables import create_again
from tests.support.quick_moto import quick_moto
from tests.support.running_stack import stack_access, stop_stack, system
from tests.support.shared_clients import SharedClients
from tests.support.tables import create_audit_table, create_callers_table, create_choices_table, create_tasks_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.literals import KeySpecType
__all__ = ["stack_access", "system"]


# Without limits on time, which a busy machine exceeds: 0.2 s for an example, and some seconds to make the first ones.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


def pytest_configure() -> None:
    shared_state.begin()


def pytest_collection_finish() -> None:
    """Keeps the garbage collector from the modules and tests, which stay to the end. This saves 5 % of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    suites.order(items)


@pytest.hookimpl(optionalhook=True)  # without pytest-xdist there is no such hook
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> suites.SuiteScheduling:
    return suites.SuiteScheduling(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):  # a worker of pytest-xdist
        stop_stack()
        shared_state.end()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in suites.summary(terminalreporter):
        terminalreporter.write_line(line)
    is_whole_run = config.args_source is not pytest.Config.ArgsSource.ARGS
    if is_whole_run and not docker_engine.is_running():
        terminalreporter.write_line(docker_engine.MISSING, red=True)


@pytest.fixture(scope="session", autouse=True)
def dummy_credentials() -> None:
    """Keeps every test away from real AWS accounts."""
    os.environ.update(DUMMY_CREDENTIALS)


@pytest.fixture(scope="session", autouse=True)
def moto_shortcuts() -> Iterator[None]:
    with quick_moto():
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def aws(session: boto3.Session) -> Iterator[None]:
    with mock_aws():
        boto3.DEFAULT_SESSION = session  # for boto3.client; moto has set it to None, and removes it again
        yield


@pytest.fixture(scope="session")
def session(dummy_credentials: None) -> boto3.Session:
    """One session for all tests, because a new one reads the models of the AWS services again."""
    return boto3.Session(region_name=REGION)


@pytest.fixture(scope="session")
def shared_clients(session: boto3.Session) -> SharedClients:
    return SharedClients(session)


@pytest.fixture
def dynamodb(aws: None, shared_clients: SharedClients) -> Iterator[DynamoDBClient]:
    with shared_clients.client("dynamodb") as client:
        yield client


@pytest.fixture
def tasks_table(dynamodb: DynamoDBClient) -> str:
    """The name of an empty tasks table."""
    create_again(dynamodb, "tasks", create_tasks_table)
    return "tasks"


@pytest.fixture
def audit_table(dynamodb: DynamoDBClient) -> str:
    """The name of an empty audit trail."""
    create_again(dynamodb, "audit", create_audit_table)
    return "audit"


@pytest.fixture
def choices_table(dynamodb: DynamoDBClient) -> str:
    """The name of an empty table of the employees' choices."""
    create_again(dynamodb, "choices", create_choices_table)
    return "choices"


@pytest.fixture
def callers_table(dynamodb: DynamoDBClient) -> str:
    """The name of an empty registry of callers."""
    create_again(dynamodb, "callers", create_callers_table)
    return "callers"


@pytest.fixture
def store(dynamodb: DynamoDBClient, tasks_table: str, audit_table: str, clock: FakeClock) -> TaskStore:
    return TaskStore(dynamodb, tasks_table, clock, AuditTrail(audit_table, retention_days=365))


@pytest.fixture
def kms(aws: None, shared_clients: SharedClients) -> Iterator[KMSClient]:
    with shared_clients.client("kms", take_digests) as client:
        yield client


@pytest.fixture
def approval_key(kms: KMSClient) -> str:
    return kms.create_key()["KeyMetadata"]["KeyId"]


def _signing_key(kms: KMSClient, spec: KeySpecType = "ECC_NIST_P256") -> str:
    return kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]


@pytest.fixture
def signing_key(kms: KMSClient) -> str:
    return _signing_key(kms)


@pytest.fixture
def attestation_key(kms: KMSClient) -> str:
    return _signing_key(kms)


@pytest.fixture
def webhook_signing_key(kms: KMSClient) -> str:
    return _signing_key(kms, "RSA_2048")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """The lines that the functions' loggers write, from INFO on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.registered_formatter)
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)
