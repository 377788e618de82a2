"""Checks an application against its description in openapi/."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

if TYPE_CHECKING:
    from starlette.applications import Starlette

CHECKS: Final[list[Any]] = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]
# The same cases in every run, so that an unrelated change cannot make the test fail.
_THE_SAME: Final = settings(
    max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)

type Case = Any
type Operation = Any


def operations(name: str) -> list[str]:
    """The operations as "GET /path"."""
    document = json.loads(Path("openapi", name).read_text())
    return [f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods]


def described(name: str, app: Starlette, operation: str) -> Operation:
    """The operation for schemathesis, which calls the application in this process."""
    schema = schemathesis.openapi.from_path(f"openapi/{name}")
    schema.app = app
    schema.config.generation.update(with_security_parameters=False)  # the tests set the token
    method, path = operation.split(" ", 1)
    return schema[path][method]


def for_cases_of(operation: Operation, hold: Callable[[Case], None]) -> None:
    """Runs the check on valid and on invalid cases. Some operations have no invalid cases."""
    for mode in GenerationMode:
        cases = _THE_SAME(given(case=operation.as_strategy(generation_mode=mode))(hold))
        try:
            cases()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE
