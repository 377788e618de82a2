"""A fixture that admits the request of a task and sends the push to the employee."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from approval.rate_limits.cool_downs import CoolDowns
from staff0.tasks import TaskState, TaskStore

from tests.support.clock import FakeClock
from tests.support.fixed_person_keys import PERSON_KEYS
from tests.support.tokens import ISSUER

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Json = Any
type Admit = Callable[[Json], None]
type Advance = Callable[..., object]


@pytest.fixture
def admit(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock, advance: Advance) -> Admit:
    """Admits the request of a task and sends its push, as the approval workflow does."""
    cool_downs = CoolDowns(dynamodb, "tasks", clock, timedelta(seconds=60))

    def to_auth_required(task: Json) -> None:
        question = store.find(task["id"])[1].question
        cool_downs.acquire(f"{ISSUER}|acme-client", PERSON_KEYS.asked(question), task["id"], timedelta(seconds=335))
        advance(task["id"], TaskState.WORKING, TaskState.AUTH_REQUIRED)

    return to_auth_required
