"""What operators and the execution history may read: task ids and codes, no person and no secret."""

from __future__ import annotations

import io

import httpx
import pytest
from staff0.errors import Staff0Error

from tests.support.approval_workflow import ABOUT_NOBODY, JOHN, ApprovalLoop
from tests.support.fake_hr_api import FakeHr
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import answer, drop


def test_no_person_and_no_secret_stands_in_a_log(
    loop: ApprovalLoop, tenant: FakeIdp, hr: FakeHr, logged: io.StringIO
) -> None:
    tenant.fail_next("/bc-authorize", answer(401, "invalid_client"))
    loop.poll_on(loop.asked(owner="globex"))
    polled = loop.asked(owner="initech")
    tenant.fail_next("/oauth/token", answer(400, "invalid_client"))
    loop.poll_on(polled)
    loop.poll_on(loop.asked(ABOUT_NOBODY))
    task_id = loop.approved()
    loop.read(task_id)
    loop.fail(loop.asked(owner="hooli"), "HrApiUnavailable")
    text = logged.getvalue()
    assert "no push went out" in text
    assert "the tenant refuses our polls" in text
    assert "not_confirmed" in text
    secrets = [*(push.auth_req_id for push in tenant.pushes), *hr.tokens]
    for private in ("staff0.com", JOHN, "John", "nobody@", "ciba-secret", *secrets):
        assert private not in text


def test_no_person_and_no_secret_stands_in_an_error(loop: ApprovalLoop, tenant: FakeIdp, hr: FakeHr) -> None:
    """Step Functions keeps an error's text in the history."""
    raised: list[str] = []
    for fault in (drop(), answer(503), answer(401, "access_denied")):
        tenant.fail_next("/api/v2/users-by-email", fault)
        with pytest.raises(Staff0Error) as error:
            loop.request(loop.submit(owner=f"caller-{len(raised)}"))
        raised.append(str(error.value))
    task_id = loop.approved()
    for bad_day in (httpx.ConnectError, httpx.Response(500), httpx.Response(403), httpx.Response(200, text=JOHN)):
        hr.bad_days.append(bad_day)
        with pytest.raises(Staff0Error) as error:
            loop.read(task_id)
        raised.append(str(error.value))
    for private in ("staff0.com", JOHN, "john", *hr.tokens):
        assert private not in " ".join(raised)
