"""Builds the four steps of the approval workflow for tests.

Uses moto for AWS, FakeIdp for the identity provider, FakeHrApi for the HR API, and one FakeClock for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from approval.admission import Admission
from approval.fail_task import FailTask
from approval.hr_api_client import HrApiClient
from approval.identity_provider.ciba_client import CibaClient
from approval.identity_provider.client_authentication import IdpClient
from approval.identity_provider.directory import Directory
from approval.identity_provider.endpoints import ManagementApi
from approval.poll_approval import PollApproval
from approval.poll_schedule import SETTLING
from approval.push_sender import PushSender
from approval.rate_limits.cool_downs import CoolDowns
from approval.rate_limits.poll_slots import PollSlots
from approval.rate_limits.push_limits import PushLimits
from approval.rate_limits.rate_limiter import RateLimiter
from approval.read_employment import ReadEmployment
from approval.request_approval import RequestApproval
from approval.result.pseudonyms import Pseudonyms
from approval.result.statement_signer import StatementSigner
from approval.task_writer import TaskWriter
from staff0.authorization_details import DisclosureFormat
from staff0.caller_registry import Callers, Quotas
from staff0.employee_choices import EmployeeChoices
from staff0.encryption import KmsEncryptor
from staff0.person_keys import PersonKeys, derived_key
from staff0.signing import KmsEcSigningKey
from staff0.skills import SKILLS, Skills
from staff0.tasks import AuditTrail, TaskStore

from tests.support.aws_resources import AwsResources
from tests.support.clock import FakeClock
from tests.support.fake_callers import KnownCallers
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import CIBA_SECRET, DIRECTORY_CLIENT, DIRECTORY_SECRET, FakeIdp, idp_client
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER

EXPIRY_SECONDS = 300
AUDIT = AuditTrail("audit", retention_days=365)
CHOICES_TABLE = "choices"
COOL_DOWN = timedelta(seconds=60)
QUOTAS = Quotas(pushes_per_hour=100, employees_per_hour=30, employees_per_day=200)


@dataclass
class ApprovalSteps:
    """The steps as the state machine runs them, with limits that a test can set."""

    aws: AwsResources
    clock: FakeClock
    idp: FakeIdp
    hr_api: FakeHrApi
    skills: Skills = SKILLS
    callers: Callers = field(default_factory=lambda: KnownCallers.of("acme-client"))
    pushes_per_employee: int = 5
    pushes_per_caller_of_employee: int = 3
    quotas: Quotas = QUOTAS
    pushes_per_second: int = 1_000
    polls_per_second: int = 30
    sleep: Callable[[float], None] | None = None  # None: advances the clock
    ciba_client: IdpClient | None = None  # None: authenticates by its secret
    _codes: count[int] = field(default_factory=lambda: count(100001))

    @property
    def store(self) -> TaskStore:
        return TaskStore(self.aws.dynamodb, self.aws.table, self.clock, AUDIT)

    @property
    def rate_limiter(self) -> RateLimiter:
        return RateLimiter(self.aws.dynamodb, self.aws.table, self.clock)

    @property
    def cool_downs(self) -> CoolDowns:
        return CoolDowns(self.aws.dynamodb, self.aws.table, self.clock, COOL_DOWN)

    @property
    def slots(self) -> PollSlots:
        return PollSlots(self.rate_limiter, self.polls_per_second)

    @property
    def encryptor(self) -> KmsEncryptor:
        return KmsEncryptor(lambda: self.aws.kms, self.aws.key_id)

    @property
    def ciba(self) -> CibaClient:
        client = self.ciba_client or idp_client(CIBA_CLIENT, CIBA_SECRET)
        disclosures = DisclosureFormat(self.skills.facts)
        return CibaClient(self.idp.http(), client, HR_AUDIENCE, self.idp.keys, self.clock, disclosures=disclosures)

    @property
    def push_limits(self) -> PushLimits:
        return PushLimits(
            rate_limiter=self.rate_limiter,
            cool_downs=self.cool_downs,
            person_keys=self.person_keys,
            clock=self.clock,
            request_lifetime=timedelta(seconds=EXPIRY_SECONDS) + SETTLING,
            per_employee_per_hour=self.pushes_per_employee,
            per_caller_of_employee=self.pushes_per_caller_of_employee,
            pushes_per_second=self.pushes_per_second,
        )

    @property
    def push_sender(self) -> PushSender:
        writer = TaskWriter(self.store, self.clock)
        return PushSender(self.ciba, self.skills, self.encryptor, writer, self.slots, EXPIRY_SECONDS, self.clock)

    @property
    def directory(self) -> Directory:
        client = idp_client(DIRECTORY_CLIENT, DIRECTORY_SECRET)
        return Directory(self.idp.http(), client, ManagementApi(ISSUER), self.clock)

    @property
    def choices(self) -> EmployeeChoices:
        return EmployeeChoices(lambda: self.aws.dynamodb, CHOICES_TABLE, self.clock)

    @property
    def request_approval(self) -> RequestApproval:
        return RequestApproval(
            store=self.store,
            admission=Admission(self.store, self.callers, self.push_limits, self.quotas, self.clock),
            directory=self.directory,
            pseudonyms=self.pseudonyms,
            choices=self.choices,
            limits=self.push_limits,
            push_sender=self.push_sender,
            skills=self.skills,
            has_authorization_details=self.idp.profile.has_authorization_details,
            expiry_seconds=EXPIRY_SECONDS,
            clock=self.clock,
            new_code=lambda: str(next(self._codes)),
        )

    @property
    def poll_approval(self) -> PollApproval:
        sleep = self.sleep or self.clock.advance
        return PollApproval(
            self.store, self.encryptor, self.ciba, self.skills, self.slots, self.cool_downs, self.clock, sleep
        )

    @property
    def pseudonyms(self) -> Pseudonyms:
        return Pseudonyms(lambda: self.aws.kms, self.aws.pairwise_key)

    @property
    def person_keys(self) -> PersonKeys:
        return PersonKeys(lambda: derived_key(lambda: self.aws.kms, self.aws.limits_key))

    @property
    def statement_signer(self) -> StatementSigner:
        key = KmsEcSigningKey(lambda: self.aws.kms, self.aws.attestation_key)
        return StatementSigner(key, self.pseudonyms, days=30)

    @property
    def read_employment(self) -> ReadEmployment:
        hr_api = HrApiClient(self.hr_api.http(), "https://hr.example", self.clock)
        return ReadEmployment(
            self.store, self.encryptor, hr_api, self.callers, self.statement_signer, self.skills, self.clock
        )

    @property
    def fail_task(self) -> FailTask:
        return FailTask(TaskWriter(self.store, self.clock), self.cool_downs, self.clock)
