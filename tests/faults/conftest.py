"""A new system for each run: all share the keys, and each has its own table, because the table holds rate limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import boto3
import pytest
from moto import mock_aws

from tests.faults.services import RecordedClients
from tests.faults.system_under_test import SystemUnderTest
from tests.support.aws_resources import AwsResources
from tests.support.tables import create_audit_table, create_choices_table, create_tasks_table


@pytest.fixture(scope="module")
def new_system(session: boto3.Session) -> Iterator[Callable[[], SystemUnderTest]]:
    with mock_aws():
        dynamodb, clients, numbers = session.client("dynamodb"), RecordedClients(session), count(1)
        create_audit_table(dynamodb)
        create_choices_table(dynamodb)
        keys = AwsResources.create(dynamodb, "", session.client("kms"))

        def make() -> SystemUnderTest:
            table = f"tasks-{next(numbers)}"
            create_tasks_table(dynamodb, table)
            return SystemUnderTest(clients, replace(keys, table=table))

        yield make
