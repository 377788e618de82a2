"""One set of keys for all runs, and a table for each: what one counts is not another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import boto3
import pytest
from moto import mock_aws

from tests.faults.system_under_test import World
from tests.support.aws_resources import AwsResources
from tests.support.tables import create_audit_table, create_tasks_table


@pytest.fixture(scope="module")
def new_world(session: boto3.Session) -> Iterator[Callable[[], World]]:
    with mock_aws():
        dynamodb, numbers = session.client("dynamodb"), count(1)
        create_audit_table(dynamodb)
        keys = AwsResources.create(dynamodb, "", session.client("kms"))

        def make() -> World:
            table = f"tasks-{next(numbers)}"
            create_tasks_table(dynamodb, table)
            return World(session, replace(keys, table=table))

        yield make
