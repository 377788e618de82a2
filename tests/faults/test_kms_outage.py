"""While KMS does not answer, a request about an employee looks like one about an address that no user has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from approval.identity_provider.client_authentication import ClientSecretPost, IdpClient
from botocore.exceptions import ClientError, EndpointConnectionError
from staff0.secret_str import SecretStr
from staff0.tasks import TaskState

from tests.faults.scenarios import NewSystem
from tests.faults.side_effects import Kind, Point
from tests.faults.system_under_test import SystemUnderTest
from tests.support.fake_idp import CIBA_SECRET, ENDPOINTS
from tests.support.tokens import CIBA_CLIENT, ISSUER

type Choose = Callable[[Point], Kind | None]


def in_the_workflow(point: Point) -> Kind | None:
    return Kind.REFUSED if point.name.startswith("kms:") and point.function != "agent" else None


def from_the_claim_on(point: Point) -> Kind | None:
    """KMS answers until the push is claimed, so that only a found employee's request needs it."""
    has_claimed = point.function != "RequestApproval" or point.name == "kms:Encrypt"
    return in_the_workflow(point) if has_claimed else None


def in_the_polls(point: Point) -> Kind | None:
    return in_the_workflow(point) if point.function == "PollApproval" else None


def seen_by_the_caller(system: SystemUnderTest) -> tuple[object, ...]:
    """How the request has ended, and after how many seconds."""
    began: datetime = system.clock()
    system.ask()
    system.finish()
    workflow, task_id = system.workflow, system.task_id
    seconds = (system.clock() - began).total_seconds()
    return workflow.state(task_id), workflow.metadata(task_id), workflow.text(task_id), seconds


class CredentialsOutOfReach(ClientSecretPost):
    """Credentials of which only the first `works` uses succeed: a key in KMS, or a secret in Secrets Manager."""

    def __init__(self, works: int, error: Exception) -> None:
        super().__init__(CIBA_CLIENT, lambda _fresh: SecretStr(CIBA_SECRET))
        self._works = works
        self._error = error

    def form_fields(self) -> dict[str, str]:
        self._works -= 1
        if self._works < 0:
            raise self._error
        return super().form_fields()


OUTAGES = {each.__name__: each for each in (in_the_workflow, from_the_claim_on, in_the_polls)}


@pytest.mark.parametrize("choose", OUTAGES.values(), ids=OUTAGES)
def test_outage_does_not_tell_who_works_here(new_system: NewSystem, choose: Choose) -> None:
    seen = []
    for is_employee in (True, False):
        system = new_system()
        system.recorder.choose = choose
        if not is_employee:
            system.idp.employees.clear()
        seen.append(seen_by_the_caller(system))
    assert seen[0] == seen[1]
    assert seen[0][0] is TaskState.FAILED


@pytest.mark.parametrize("works", [0, 1, 3], ids=["at the push", "from the first poll on", "from the third poll on"])
@pytest.mark.parametrize(
    "error",
    [EndpointConnectionError(endpoint_url="kms"), ClientError({}, "GetSecretValue"), ClientError({}, "Sign")],
    ids=["KMS is down", "Secrets Manager is down", "the key is disabled"],
)
def test_outage_of_our_credentials_does_not_tell_who_works_here(
    new_system: NewSystem, works: int, error: Exception
) -> None:
    seen = []
    for is_employee in (True, False):
        system = new_system()
        client = IdpClient(ENDPOINTS, ISSUER, CIBA_CLIENT, CredentialsOutOfReach(works, error))
        system.workflow.ciba_client = client
        if not is_employee:
            system.idp.employees.clear()
        seen.append(seen_by_the_caller(system))
    assert seen[0] == seen[1]
    assert seen[0][1] == {"reason": "not_confirmed"}
