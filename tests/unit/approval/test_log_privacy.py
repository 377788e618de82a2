"""Logs and error messages hold task ids and codes, but no personal data and no secret."""

from __future__ import annotations

import io

import httpx
import pytest
from staff0.errors import Staff0Error

from tests.support.approval_workflow import ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import drop_request, respond


def test_logs_hold_no_person_and_no_secret(
    workflow: ApprovalHarness, idp: FakeIdp, hr_api: FakeHrApi, logged: io.StringIO
) -> None:
    idp.fail_next("/bc-authorize", respond(401, "invalid_client"))
    workflow.poll_until_ended(workflow.submit_and_request(owner="globex"))
    polled = workflow.submit_and_request(owner="initech")
    idp.fail_next("/oauth/token", respond(400, "invalid_client"))
    workflow.poll_until_ended(polled)
    workflow.poll_until_ended(workflow.submit_and_request(ABOUT_UNKNOWN))
    task_id = workflow.submit_and_approve()
    workflow.read(task_id)
    workflow.fail(workflow.submit_and_request(owner="hooli"), "HrApiUnavailable")
    text = logged.getvalue()
    assert "no push is sent" in text
    assert "the identity provider rejects our polls" in text
    assert "not_confirmed" in text
    secrets = [*(push.auth_req_id for push in idp.pushes), *hr_api.tokens]
    for private in ("staff0.com", JOHN, "John", "unknown@", "ciba-secret", *secrets):
        assert private not in text


def test_errors_hold_no_person_and_no_secret(workflow: ApprovalHarness, idp: FakeIdp, hr_api: FakeHrApi) -> None:
    """Step Functions keeps the text of an error in the execution history."""
    raised: list[str] = []
    for fault in (drop_request(), respond(503), respond(401, "access_denied")):
        idp.fail_next("/api/v2/users-by-email", fault)
        with pytest.raises(Staff0Error) as error:
            workflow.request(workflow.submit(owner=f"caller-{len(raised)}"))
        raised.append(str(error.value))
    task_id = workflow.submit_and_approve()
    for failure in (httpx.ConnectError, httpx.Response(500), httpx.Response(403), httpx.Response(200, text=JOHN)):
        hr_api.failures.append(failure)
        with pytest.raises(Staff0Error) as error:
            workflow.read(task_id)
        raised.append(str(error.value))
    for private in ("staff0.com", JOHN, "john", *hr_api.tokens):
        assert private not in " ".join(raised)
