"""ReadEmployment: the step that reads the HR API with the employee's token and writes the result into the task."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Final

import httpx
from a2a.types import Task
from msgspec import Meta
from staff0 import aws_clients
from staff0.caller_registry import CallerRegistry, Callers, is_enabled
from staff0.clock import Clock, utc_now
from staff0.encryption import Encryptor
from staff0.errors import HrApiTimedOut, HrApiUnavailable, TaskClosed, TokenRejected
from staff0.observability import log_invocation, logger
from staff0.setting_types import Url
from staff0.settings import (
    ApprovalKeySettings,
    AttestationKeySettings,
    AuditSettings,
    CallersSettings,
    PairwiseKeySettings,
    load_settings,
)
from staff0.signing import KmsEcSigningKey
from staff0.skills import SKILLS, Fact, Skill, Skills
from staff0.tasks import Approval, Reason, StoredTask, TaskState, TaskStore, with_status
from staff0.trace_context import continue_trace

from approval import wiring
from approval.hr_api_client import ApprovalUse, Employment, HrApiClient
from approval.hr_api_retries import has_to_end, has_to_wait, with_retry_after
from approval.result.result_artifact import with_result
from approval.result.statement_signer import StatementSigner
from approval.result.verification_result import verify
from approval.step_io import Outcome, StepInput, StepResult, done, parse_task_id
from approval.task_writer import TaskWriter

_ENDED: Final = {
    TaskState.COMPLETED: Outcome.COMPLETED,
    TaskState.REJECTED: Outcome.DENIED,
    TaskState.FAILED: Outcome.FAILED,
}


@dataclass(frozen=True)
class ReadEmployment:
    store: TaskStore
    encryptor: Encryptor
    hr_api: HrApiClient
    callers: Callers
    statement_signer: StatementSigner
    skills: Skills
    clock: Clock

    def run(self, task_id: str) -> StepResult:
        """Completes the task and deletes the token in one write; the step may be run again.

        Fails it if HR has no record of the employee, or if the caller was switched off meanwhile.

        Raises HrApiUnavailable if the step has to be run again later, HrApiTimedOut when that is over, HrApiRefused,
        TokenRejected, TaskConflict; botocore.exceptions.ClientError or BotoCoreError when KMS is not
        available.
        """
        stored, approval = self._writer.load(task_id)
        continue_trace(stored.traceparent)
        if stored.state.is_terminal:
            return _ended(stored)
        if approval.sealed_token is None or approval.employee_sub is None:
            raise TokenRejected("no token is held for this task")
        if not self._may_have_answer(approval):
            self._writer.end(task_id, TaskState.FAILED, Reason.CALLER_REFUSED)
            return _ended(self._writer.load(task_id)[0])
        self._require_time(approval)
        token = self.encryptor.decrypt(task_id, approval.sealed_token)
        try:
            employment = self.hr_api.read(approval.employee_sub, token, self._granted_facts(approval), _use(approval))
        except HrApiUnavailable as error:
            self._keep_retry_after(task_id, error.retry_after_seconds)
            raise
        if employment is None:
            return self._end_without_record(task_id)
        return self._complete(task_id, employment)

    def _skill(self, approval: Approval) -> Skill:
        return self.skills.get(approval.question.skill)

    def _granted_facts(self, approval: Approval) -> tuple[Fact, ...]:
        """Those that the employee agreed to; in a record of an older version those that were asked for."""
        asked = self._skill(approval).facts(approval.question)
        granted = approval.granted_facts
        return asked if granted is None else tuple(fact for fact in asked if fact.id in granted)

    def _may_have_answer(self, approval: Approval) -> bool:
        """Asks the registry again: the caller may have been switched off while the employee was asked."""
        is_of_older_version = not approval.client_id
        return is_of_older_version or is_enabled(self.callers, approval.client_id)

    def _end_without_record(self, task_id: str) -> StepResult:
        """An id that HR does not know may be wrong on either side, so nothing follows for the employment."""
        logger.error("HR has no record of an employee who approved")
        self._writer.end(task_id, TaskState.FAILED, Reason.NO_HR_RECORD)
        return _ended(self._writer.load(task_id)[0])

    def _require_time(self, approval: Approval) -> None:
        now = self.clock()
        if has_to_end(approval, now):
            raise HrApiTimedOut("the HR API did not answer in time")
        if has_to_wait(approval, now):
            raise HrApiUnavailable("the HR API has asked for a pause")

    def _keep_retry_after(self, task_id: str, seconds: int) -> None:
        """Steps of the state machine pass no data to their retry, so the pause is kept in the table."""
        if seconds:
            now = self.clock()
            with suppress(TaskClosed):
                self._writer.update_approval(task_id, lambda approval: with_retry_after(approval, now, seconds))

    @property
    def _writer(self) -> TaskWriter:
        return TaskWriter(self.store, self.clock)

    def _complete(self, task_id: str, employment: Employment) -> StepResult:
        now = self.clock()

        def completed(stored: StoredTask, approval: Approval) -> tuple[Task, Approval]:
            result = verify(approval.question, self._skill(approval), employment, now)
            task = with_result(stored.task, result, self.statement_signer.sign(approval, result))
            return with_status(task, TaskState.COMPLETED, result.sentence, now), approval.without_secrets()

        try:
            return _ended(self._writer.update_task(task_id, completed))
        except TaskClosed:
            return _ended(self._writer.load(task_id)[0])


def _use(approval: Approval) -> ApprovalUse | None:
    """None for a token without authorization details."""
    if not approval.has_authorization_details:
        return None
    return ApprovalUse(approval.task_id, approval.client_id, approval.read_key or "")


def _ended(stored: StoredTask) -> StepResult:
    return done(_ENDED.get(stored.state, Outcome.CANCELED))


class ReadEmploymentSettings(
    AuditSettings, CallersSettings, ApprovalKeySettings, AttestationKeySettings, PairwiseKeySettings
):
    hr_api_base_url: Url
    attestation_days: Annotated[int, Meta(ge=1)] = 30


@cache
def _settings() -> ReadEmploymentSettings:
    return load_settings(ReadEmploymentSettings)


@cache
def _hr_api(base_url: str) -> HrApiClient:
    return HrApiClient(httpx.Client(), base_url, utc_now)


@cache
def _statement_signer(settings: ReadEmploymentSettings) -> StatementSigner:
    key = KmsEcSigningKey(aws_clients.kms, settings.attestation_key_id)
    return StatementSigner(key, wiring.pseudonyms(settings), settings.attestation_days)


@log_invocation
def handler(event: StepInput, _context: object) -> StepResult:
    task_id = parse_task_id(event)
    return _read_employment(_settings()).run(task_id)


def _read_employment(settings: ReadEmploymentSettings) -> ReadEmployment:
    return ReadEmployment(
        store=wiring.store(settings),
        encryptor=wiring.encryptor(settings),
        hr_api=_hr_api(settings.hr_api_base_url),
        callers=CallerRegistry(aws_clients.dynamodb, settings.callers_table),
        statement_signer=_statement_signer(settings),
        skills=SKILLS,
        clock=utc_now,
    )
