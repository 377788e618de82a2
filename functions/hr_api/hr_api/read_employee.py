"""GET /employees/{id}: what an approval discloses of the record of the employee to whom the token belongs."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.security import HTTPBearer
from pydantic import BaseModel
from staff0.auth import TokenVerifier, bearer_token

from hr_api.access import SCOPE, Access
from hr_api.employees import Employees
from hr_api.errors import Problem
from hr_api.used_approvals import UsedApprovals

_PROBLEM: Final[dict[str, Any]] = {"content": {"application/problem+json": {"schema": Problem.model_json_schema()}}}
_REFUSED: Final = (
    f"The token lacks the scope {SCOPE} or that of a fact, is for another user, client or request, or its approval was "
    "used."
)
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"description": "The token has authorization details, and the request has no Idempotency-Key.", **_PROBLEM},
    401: {"description": "The token is missing or not valid.", **_PROBLEM},
    403: {"description": _REFUSED, **_PROBLEM},
    404: {"description": "No employee has this id.", **_PROBLEM},
    503: {"description": "Temporarily unavailable. Try again after Retry-After seconds.", **_PROBLEM},
}
_DOCUMENTED: Final = HTTPBearer(bearerFormat="JWT", auto_error=False)  # only for OpenAPI: bearer_token reads the header

type IdempotencyKey = Annotated[str | None, Header(description="The same for each attempt of one request.")]


def employees_router(verifier: TokenVerifier, access: Access, used: UsedApprovals, employees: Employees) -> APIRouter:
    router = APIRouter(dependencies=[Depends(_DOCUMENTED)])

    @router.get(
        "/employees/{id}",
        operation_id="ReadEmployee",
        responses=_PROBLEMS,
        response_model=employees.model,
        response_model_exclude_none=True,
    )
    async def read_employee(
        id: str,  # noqa: A002 - the name of the path parameter
        request: Request,
        request_id: str | None = None,
        client_id: str | None = None,
        idempotency_key: IdempotencyKey = None,
    ) -> BaseModel:
        """Returns the id and the disclosed facts of the employee to whom the token belongs.

        A token with authorization details (RFC 9396) discloses the facts that they name, for the request and the client
        that they name, and once: only the same Idempotency-Key gets the answer again.
        """
        token = bearer_token(request.headers.getlist("authorization"))
        claims = verifier.verify(token)
        # All checks are before the table of employees is read, so that a 403 does not show who exists.
        access.require_owner(claims, id)
        disclosure = access.disclosure(claims, request_id, client_id)
        facts = access.facts(claims, disclosure)
        if disclosure:
            if not idempotency_key:
                raise HTTPException(HTTPStatus.BAD_REQUEST, "The header Idempotency-Key is missing.")
            used.use((claims.issuer, disclosure.request_id), (idempotency_key, token), claims.expires_at)
        employee = employees.find(id, [fact.field for fact in facts])
        if employee is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "No employee has this id.")
        return employee

    return router
