"""GET /employees/{id}: an employee's token opens that employee's record."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.security import HTTPBearer
from staff0.auth import Claims, TokenVerifier, bearer_token, require_scope
from staff0.errors import CallerError

from hr_api.employees import Employee, Employees
from hr_api.errors import Problem

SCOPE: Final = "read:employee"
_PROBLEM: Final[dict[str, Any]] = {"content": {"application/problem+json": {"schema": Problem.model_json_schema()}}}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    401: {"description": "No token, or none that is valid here.", **_PROBLEM},
    403: {"description": f"The token lacks {SCOPE}, or is not this employee's own.", **_PROBLEM},
    404: {"description": "HR does not know this person.", **_PROBLEM},
    503: {"description": "Try again after Retry-After seconds.", **_PROBLEM},
}
_DOCUMENTED: Final = HTTPBearer(bearerFormat="JWT", auto_error=False)  # for OpenAPI: bearer_token reads the header


class NotTheirs(CallerError):
    """The token is another person's, or no person's at all."""

    code = "insufficient_scope"
    status = 403


def employees_router(verifier: TokenVerifier, employees: Employees) -> APIRouter:
    router = APIRouter(dependencies=[Depends(_DOCUMENTED)])

    @router.get("/employees/{id}", operation_id="ReadEmployee", responses=_PROBLEMS)
    async def read_employee(id: str, request: Request) -> Employee:  # noqa: A002 - the path's own name
        """Employment details of the employee whose token this is."""
        authorize(verifier.verify(bearer_token(request.headers.getlist("authorization"))), id)
        employee = employees.find(id)
        if employee is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "HR does not know this person.")
        return employee

    return router


def authorize(claims: Claims, employee_id: str) -> None:
    """Before anything is read, so that a refusal tells nothing. Raises InsufficientScope, NotTheirs."""
    require_scope(claims, SCOPE)
    if claims.is_machine or claims.subject != employee_id:
        raise NotTheirs("the token is not this employee's own")
