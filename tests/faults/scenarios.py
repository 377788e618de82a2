"""The ways a request can go, and one run of such a way with faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, cycle
from typing import Final

import boto3
import httpx
from moto import mock_aws
from staff0.caller_registry import CallerRegistry
from staff0.skills import SKILLS

from tests.faults.invariants import assert_invariants
from tests.faults.services import RecordedClients
from tests.faults.side_effects import Kind, Point
from tests.faults.system_under_test import CALLERS_TABLE, SystemUnderTest
from tests.support.aws_resources import AwsResources
from tests.support.fake_callers import known
from tests.support.tables import create_audit_table, create_callers_table, create_choices_table, create_tasks_table

type Scenario = Callable[[SystemUnderTest], None]
type NewSystem = Callable[[], SystemUnderTest]

_OUTAGE: Final = timedelta(minutes=10)


@contextmanager
def new_systems(session: boto3.Session) -> Iterator[NewSystem]:
    """Systems that share the keys. Each has its own table of tasks, because that holds rate limits."""
    with mock_aws():
        dynamodb, clients, numbers = session.client("dynamodb"), RecordedClients(session), count(1)
        create_audit_table(dynamodb)
        create_choices_table(dynamodb)
        create_callers_table(dynamodb, CALLERS_TABLE)
        CallerRegistry(lambda: dynamodb, CALLERS_TABLE).put(known("acme-client"))
        keys = AwsResources.create(dynamodb, "", session.client("kms"))

        def make() -> SystemUnderTest:
            table = f"tasks-{next(numbers)}"
            create_tasks_table(dynamodb, table)
            return SystemUnderTest(clients, replace(keys, table=table))

        yield make


def approved(system: SystemUnderTest) -> None:
    system.ask()
    system.finish(lambda: system.answer("approved"))


def partly_approved(system: SystemUnderTest) -> None:
    """The second question. The employee agrees to the start date, and not to the job title (RFC 9396 7)."""
    system.idp.leaves_out = frozenset({"job_title"})
    [question] = SKILLS.get("employment_details").examples
    system.ask(question)
    system.finish(lambda: system.answer("approved"))


def denied(system: SystemUnderTest) -> None:
    system.ask()
    system.finish(lambda: system.answer("denied"))


def canceled(system: SystemUnderTest) -> None:
    system.ask()
    system.finish(system.cancel)


def switched_off(system: SystemUnderTest) -> None:
    """The employee does not want to be asked."""
    with system.questions_off():
        system.ask()
        system.finish(lambda: system.answer("approved"))


def without_hr(system: SystemUnderTest) -> None:
    system.hr_api.failures.extend([httpx.Response(503)] * 100)
    approved(system)


def hr_is_back(system: SystemUnderTest) -> None:
    """For ten minutes from the first read on, the HR API answers 503 or 429, as while it is flooded."""
    answers = cycle([httpx.Response(503), httpx.Response(429, headers={"Retry-After": "30"})])
    began: list[datetime] = []

    def flooded() -> None:
        began.append(system.clock())
        if system.clock() < began[0] + _OUTAGE:
            system.hr_api.failures.append(next(answers))

    system.hr_api.on_request = flooded
    approved(system)


# Faults at side effects that several scenarios have are injected in the first: the one that discloses most.
SCENARIOS = [partly_approved, approved, denied, canceled, switched_off, without_hr, hr_is_back]


def run(
    new_system: NewSystem,
    scenario: Scenario,
    choose: Callable[[Point], Kind | None] = lambda _: None,
    *,
    repeats: bool = True,
) -> SystemUnderTest:
    """Runs the scenario with the faults that `choose` returns. Raises AssertionError for a broken promise.

    Without `repeats` the stream sends each record once, so that a second notification cannot stand in for a lost one.
    """
    system = new_system()
    system.recorder.choose = choose
    scenario(system)
    system.notify(repeats=repeats)
    assert_invariants(system)
    return system


class DeliveryRuns:
    """Runs of the last part of a scenario only, the delivery of its webhooks, from the same state each time."""

    def __init__(self, new_system: NewSystem, scenario: Scenario) -> None:
        self._system = new_system()
        scenario(self._system)
        self._before = self._system.save()

    def run(self, choose: Callable[[Point], Kind | None]) -> SystemUnderTest:
        """As `run` without `repeats`, for faults in the notifier's functions."""
        self._system.restore(self._before)
        self._system.recorder.choose = choose
        self._system.notify(repeats=False)
        assert_invariants(self._system)
        return self._system
