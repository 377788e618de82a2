"""GET /employees/{id}: what an approval discloses of the record of the employee to whom the token belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
from staff0.auth import TokenVerifier, bearer_token
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hr_api.access import Access
from hr_api.employees import Employees
from hr_api.used_approvals import UsedApprovals

PATH = "/employees/{id}"


@dataclass(frozen=True)
class ReadEmployee:
    verifier: TokenVerifier
    access: Access
    used: UsedApprovals
    employees: Employees

    def __call__(
        self,
        employee_id: str,
        authorization: Sequence[str],
        request_id: str | None,
        client_id: str | None,
        idempotency_key: str | None,
    ) -> dict[str, str]:
        """The id and the disclosed facts of the employee to whom the token belongs, as a JSON object.

        Raises CallerError, KeysUnavailable, ItemUnreadable, HTTPException; botocore's ClientError or BotoCoreError if
        DynamoDB fails.
        """
        token = bearer_token(authorization)
        claims = self.verifier.verify(token)
        # All checks are before the table of employees is read, so that a 403 does not show who exists.
        self.access.require_owner(claims, employee_id)
        disclosure = self.access.disclosure(claims, request_id, client_id)
        facts = self.access.facts(claims, disclosure)
        if disclosure:
            if not idempotency_key:
                raise HTTPException(HTTPStatus.BAD_REQUEST, "The header Idempotency-Key is missing.")
            self.used.use((claims.issuer, disclosure.request_id), (idempotency_key, token), claims.expires_at)
        employee = self.employees.find(employee_id, [fact.field for fact in facts])
        if employee is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "No employee has this id.")
        record: dict[str, str] = msgspec.to_builtins(employee)
        return record

    async def answer(self, request: Request) -> Response:
        employee = self(
            request.path_params["id"],
            request.headers.getlist("authorization"),
            request.query_params.get("request_id"),
            request.query_params.get("client_id"),
            request.headers.get("idempotency-key"),
        )
        return JSONResponse(employee)

    def route(self) -> Route:
        """For GET only, as the API is described: Starlette would add HEAD, which could use up an approval unseen."""
        route = Route(PATH, self.answer, methods=["GET"])
        route.methods = {"GET"}
        return route
