"""Authentication requests about John that the tests of the CIBA client send (CIBA Core 7)."""

from __future__ import annotations

from approval.identity_provider.ciba_client import AuthenticationRequest, CibaClient
from approval.identity_provider.requested_consent import RequestedConsent

from tests.support.approval_workflow import JOHN

LIFETIME_SECONDS = 60
MESSAGE = "Staff0:acme:K7QX2M"


def consent(sub: str = JOHN) -> RequestedConsent:
    return RequestedConsent(sub, ("read:employee",))


def start(ciba: CibaClient, sub: str = JOHN) -> AuthenticationRequest:
    return ciba.start(consent(sub), MESSAGE, LIFETIME_SECONDS)
