"""Every response of the HR API matches openapi/hr-api.json."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette

from tests.support.openapi_checks import CHECKS, described, for_cases_of, operations
from tests.support.sample_employee import JOHN
from tests.support.tokens import employee_token

NAME = "hr-api.json"


@pytest.mark.parametrize("operation", operations(NAME))
def test_responses_match_description(app: Starlette, operation: str) -> None:
    token = f"Bearer {employee_token(JOHN)}"

    def check(case: Any) -> None:
        if "/.well-known/" in operation:
            assert case.call_and_validate(checks=CHECKS).status_code in ({200, 404} if "{path}" in operation else {200})
            return
        assert case.call_and_validate(checks=CHECKS).status_code == 401
        assert case.call_and_validate(headers={"Authorization": token}, checks=CHECKS).status_code in {403, 404}
        case.path_parameters = {"id": JOHN}
        assert case.call_and_validate(headers={"Authorization": token}, checks=CHECKS).status_code == 200

    for_cases_of(described(NAME, app, operation), check)
