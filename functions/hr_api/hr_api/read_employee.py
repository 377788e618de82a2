"""GET /employees/{id}: an employee's token opens that employee's record."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from staff0.auth import Claims, TokenVerifier, bearer_token, require_scope
from staff0.errors import CallerError

from hr_api.employees import Employee, Employees
from hr_api.errors import Problem

SCOPE: Final = "read:employee"
_PROBLEMS: Final = {
    status: {"model": Problem, "content": {"application/problem+json": {}}} for status in (401, 403, 404, 503)
}


class NotTheirs(CallerError):
    """The token is another person's, or no person's at all."""

    code = "insufficient_scope"
    status = 403


def employees_router(verifier: TokenVerifier, employees: Employees) -> APIRouter:
    router = APIRouter()

    @router.get("/employees/{id}", responses=_PROBLEMS)  # type: ignore[arg-type]
    async def read_employee(id: str, request: Request) -> Employee:  # noqa: A002 - the path's own name
        """Employment details of the employee whose token this is."""
        authorize(verifier.verify(bearer_token(request.headers.get("authorization"))), id)
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
