"""ReadEmployment: reads HR data with the employee's own token, answers, attests it, and forgets the token."""

from dataclasses import dataclass
from functools import cache

import httpx
from a2a.types import Task
from staff0 import aws_clients
from staff0.clock import Clock, utc_now
from staff0.encryption import Encryptor
from staff0.errors import TaskClosed, TokenRejected
from staff0.settings import ReadEmploymentSettings, load_settings
from staff0.signing import KmsSigningKey
from staff0.tasks import Approval, StoredTask, TaskState, TaskStore, with_status

from approval import wiring
from approval.hr_api_client import Employment, HrApiClient
from approval.result.statement_signer import StatementSigner
from approval.result.verification_result import answer
from approval.step_io import Outcome, StepInput, StepResult, done, task_of
from approval.task_writer import TaskWriter


@dataclass(frozen=True)
class ReadEmployment:
    store: TaskStore
    encryptor: Encryptor
    hr_api: HrApiClient
    attestations: StatementSigner
    clock: Clock

    def run(self, task_id: str) -> StepResult:
        """Raises HrApiUnavailable, HrApiRefused, TokenRejected, TaskConflict, and botocore's own for an outage of KMS.

        Running it again is harmless.
        """
        stored, approval = self._transitions.load(task_id)
        if stored.state.is_terminal:
            return _ended(stored)
        if approval.sealed_token is None or approval.employee_sub is None:
            raise TokenRejected("no token is held for this task")
        token = self.encryptor.decrypt(task_id, approval.sealed_token)
        return self._answer(task_id, self.hr_api.read(approval.employee_sub, token))

    @property
    def _transitions(self) -> TaskWriter:
        return TaskWriter(self.store, self.clock)

    def _answer(self, task_id: str, employment: Employment | None) -> StepResult:
        now = self.clock()

        def completed(stored: StoredTask, approval: Approval) -> tuple[Task, Approval]:
            result = answer(approval.question, employment, now)
            attested = self.attestations.added_to(result.added_to(stored.task), approval, result)
            return with_status(attested, TaskState.COMPLETED, result.sentence, now), approval.without_secrets()

        try:
            return _ended(self._transitions.advance(task_id, completed))
        except TaskClosed:
            return _ended(self._transitions.load(task_id)[0])


def _ended(stored: StoredTask) -> StepResult:
    return done(Outcome.COMPLETED if stored.state is TaskState.COMPLETED else Outcome.CANCELED)


@cache
def _settings() -> ReadEmploymentSettings:
    return load_settings(ReadEmploymentSettings)


@cache
def _hr_api(base_url: str) -> HrApiClient:
    return HrApiClient(httpx.Client(), base_url)


@cache
def _attestations(settings: ReadEmploymentSettings) -> StatementSigner:
    key = KmsSigningKey(aws_clients.kms, settings.attestation_key_id)
    return StatementSigner(key, wiring.pseudonyms(settings), settings.attestation_days)


def handler(event: StepInput, _context: object) -> StepResult:
    return _read_employment(_settings()).run(task_of(event))


def _read_employment(settings: ReadEmploymentSettings) -> ReadEmployment:
    return ReadEmployment(
        store=wiring.store(settings),
        encryptor=wiring.encryptor(settings),
        hr_api=_hr_api(settings.hr_api_base_url),
        attestations=_attestations(settings),
        clock=utc_now,
    )
