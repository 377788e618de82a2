"""Each limit in verifications per second, and what a caller gets above it.

Marks: ours (template.yaml), read (the vendor's documentation), unsure (from memory, or the vendor's page could not be
seen). Sources: Auth0's pages "Enterprise Rate Limits" (100/s on the Authentication API, /bc-authorize 500/min for one
address) and "User Authentication with CIBA"; AWS' pages "Request quotas" of KMS (1,000/s for all ECC keys together, and
as many for all RSA keys) and "Quotas" of Step Functions and Lambda. Auth0's Management API is measured by others: 50 at
once, 1,000 a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.load.census import Census
from tests.load.polling import EXPIRY_SECONDS, SILENT
from tests.support import template_figures

CALLS_OF_A_CALLER: Final = 2  # SendMessage and one GetTask, for a caller with a webhook. A caller that polls makes more
AGENT_SECONDS: Final = 20.0  # the longest wait of SendMessage, reached when the identity provider is busy
# Units of one verification with five polls, the mean. The emulator counts them with indexes and the sizes of items;
# docs/costs.md says what each is for.
WRITE_UNITS: Final = 214
WRITE_UNITS_WITH_WEBHOOK: Final = 244
WEBHOOK_SIGNATURES: Final = 7  # by an RSA key: six notifications, and the first contact with the receiver
# A receiver that answers after 0.15 s, and our calls of AWS: an assumption, as in tests/load/delivery_stack.py.
DELIVERY_SECONDS: Final = 0.2
TASK_SECONDS: Final = 0.15  # one step of the approval workflow: an assumption, not a measurement
_TOO_MANY: Final = "FAILED too_many_requests, retry_at"
_LATE: Final = "a later answer"
_WARM: Final = "warm throughput"
_BUSY: Final = "503 with Retry-After"
_INSIDE: Final = "later, then FAILED internal_error"


@dataclass(frozen=True)
class Limit:
    """Allows `allows` units per second. One verification needs `needs` units."""

    name: str
    allows: float
    needs: float
    mark: str
    caller_sees: str
    to_raise: str

    @property
    def verifications_per_second(self) -> float:
        return self.allows / self.needs


def limits(census: Census, polls: float, open_seconds: float) -> list[Limit]:
    """The tightest first. `polls` and `open_seconds` are means of one verification."""
    found = [*_ours(polls), *_auth0(census, polls, open_seconds), *_aws(polls), *_kms(census, polls)]
    return sorted(found, key=lambda limit: limit.verifications_per_second)


def _ours(polls: float) -> Iterator[Limit]:
    rate, _ = template_figures.throttle()
    pushes, seconds = (
        template_figures.parameter("TenantPushesPerSecond"),
        template_figures.parameter("TenantPollsPerSecond"),
    )
    people = template_figures.parameter("EmployeesPerCallerPerDay")
    yield Limit("people a caller and day", people / 86_400, 1, "ours", _TOO_MANY, "the caller's own quota")
    yield Limit("TenantPushesPerSecond", pushes, 1, "ours", _TOO_MANY, "up to Auth0's 500, less what others use")
    yield Limit("TenantPollsPerSecond", seconds, polls, "ours", _LATE, "with Auth0's rate")
    deliveries = template_figures.deliveries_at_once() / DELIVERY_SECONDS
    yield Limit("Deliver, ten at once", deliveries, WEBHOOK_SIGNATURES, "ours", "a later notification", "template.yaml")
    yield Limit("throttle of the agent's API", rate, CALLS_OF_A_CALLER, "ours", "429 by API Gateway", "template.yaml")


def _auth0(census: Census, polls: float, open_seconds: float) -> Iterator[Limit]:
    token, management = (
        census.per_verification("Auth0 token", polls),
        census.per_verification("Auth0 Management", polls),
    )
    ciba = census.per_verification("Auth0 CIBA", polls)
    silently = "FAILED not_confirmed: no push went out"
    day = SILENT * 86_400 + open_seconds - SILENT * EXPIRY_SECONDS
    yield Limit("5,000 pending, expired ones kept 24 h", 5_000, day, "unsure", silently, "ask Auth0")
    yield Limit("5,000 pending", 5_000, open_seconds, "read", silently, "ask Auth0")
    yield Limit("CIBA requests, 500 a minute", 500 / 60, ciba, "read", silently, "ask Auth0")
    yield Limit(
        "Management API, 1,000 a minute", 1_000 / 60, management, "unsure", "FAILED tenant_unavailable", "ask Auth0"
    )
    yield Limit("Authentication API, 100/s", 100, token + ciba, "read", _LATE, "Auth0's burst add-on")


def _aws(polls: float) -> Iterator[Limit]:
    states = template_figures.transitions(["pending", "approved", "completed"])
    a_poll = template_figures.transitions(["pending", "pending", "approved", "completed"]) - states
    behind = polls + 3  # RequestApproval, ReadEmployment and the HR API
    yield Limit(
        "Lambda, 1,000 at once", 1_000, AGENT_SECONDS + behind * TASK_SECONDS, "read", "5xx of API Gateway", "quota"
    )
    yield Limit("StartExecution, 300/s", 300, 1, "unsure", _BUSY, "quota")
    yield Limit("Step Functions, 1,500 transitions/s", 1_500, states + a_poll * (polls - 1), "unsure", "later", "quota")
    yield Limit("DynamoDB on demand, 4,000 writes/s at first", 4_000, WRITE_UNITS, "unsure", _INSIDE, _WARM)
    yield Limit("DynamoDB on demand, a webhook each", 4_000, WRITE_UNITS_WITH_WEBHOOK, "unsure", _INSIDE, _WARM)
    yield Limit("DynamoDB, 1,000 writes/s on the push counter", 1_000, 1, "unsure", _TOO_MANY, "split the counter")


def _kms(census: Census, polls: float) -> Iterator[Limit]:
    symmetric = census.per_verification("KMS symmetric", polls)
    yield Limit("KMS, 10,000 symmetric/s", 10_000, symmetric, "unsure", _INSIDE, "quota")
    yield Limit("KMS, 1,000 ECC/s", 1_000, census.per_verification("KMS asymmetric", polls), "read", _INSIDE, "quota")
    # Client assertions (private_key_jwt) and webhooks share the quota of all RSA keys.
    assertions = census.per_verification("Auth0 token", polls) + census.per_verification("Auth0 CIBA", polls)
    both = assertions + WEBHOOK_SIGNATURES
    yield Limit("KMS, 1,000 RSA/s, client assertions", 1_000, assertions, "read", _LATE, "quota")
    yield Limit("KMS, 1,000 RSA/s, a webhook each", 1_000, WEBHOOK_SIGNATURES, "read", "a later notification", "quota")
    yield Limit("KMS, 1,000 RSA/s, both", 1_000, both, "read", "a later answer and notification", "quota")
