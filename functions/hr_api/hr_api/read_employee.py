"""GET /employees/{id}: the record of the employee to whom the token belongs."""

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
    401: {"description": "The token is missing or not valid.", **_PROBLEM},
    403: {"description": f"The token lacks the scope {SCOPE}, or is another user's or another client's.", **_PROBLEM},
    404: {"description": "No employee has this id.", **_PROBLEM},
    503: {"description": "Temporarily unavailable. Try again after Retry-After seconds.", **_PROBLEM},
}
_DOCUMENTED: Final = HTTPBearer(bearerFormat="JWT", auto_error=False)  # only for OpenAPI: bearer_token reads the header


class NotTokenOwner(CallerError):
    """The token belongs to another employee, or to a client and not to a person."""

    code = "insufficient_scope"
    status = 403


class NotOurClient(CallerError):
    """The token was obtained by another client than the one that asks employees for approval."""

    code = "insufficient_scope"
    status = 403


def employees_router(verifier: TokenVerifier, employees: Employees, client_id: str) -> APIRouter:
    """`client_id` is the client that asks employees for approval."""
    router = APIRouter(dependencies=[Depends(_DOCUMENTED)])

    @router.get("/employees/{id}", operation_id="ReadEmployee", responses=_PROBLEMS)
    async def read_employee(id: str, request: Request) -> Employee:  # noqa: A002 - the name of the path parameter
        """Returns the record of the employee to whom the token belongs."""
        authorize(verifier.verify(bearer_token(request.headers.getlist("authorization"))), id, client_id)
        employee = employees.find(id)
        if employee is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "No employee has this id.")
        return employee

    return router


def authorize(claims: Claims, employee_id: str, client_id: str) -> None:
    """Checks scope, owner and client of the token before the table is read, so that a 403 does not show who exists.

    Raises InsufficientScope, NotTokenOwner, NotOurClient.
    """
    require_scope(claims, SCOPE)
    if claims.is_machine or claims.subject != employee_id:
        raise NotTokenOwner("the token does not belong to this employee")
    if claims.client_id != client_id or claims.actors - {client_id}:
        raise NotOurClient("the token was not issued to the client that asks for approvals")
