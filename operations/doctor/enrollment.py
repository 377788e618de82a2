"""Creates an enrolment ticket of Auth0 Guardian for an employee who can be asked but for the phone."""

from collections.abc import Callable
from typing import Final

import httpx
from staff0.clock import utc_now

from operations.doctor.employees import Employees
from operations.doctor.findings import Failed
from operations.doctor.http import client, describe, json_object, send
from operations.doctor.identity_provider import IdentityProvider
from operations.doctor.subject import Subject

_SCOPE: Final = "create:guardian_enrollment_tickets"


class Enrollment:
    def __init__(self, subject: Subject, http: Callable[[], httpx.Client] = client) -> None:
        self._subject = subject
        self._http = http

    def invite(self, employee: str, token: str, *, send_mail: bool) -> str:
        """What to tell the employee. Raises Failed."""
        with self._http() as http:
            idp = IdentityProvider(self._subject, http, utc_now)
            idp.metadata()
            idp.directory()
            employees = Employees(idp)
            user_id = employees.find(employee)
            if employees.has_phone(user_id):
                return f"{employee} has a confirmed enrolment already."
            return self._create_ticket(http, idp, user_id, token, send_mail=send_mail)

    def _create_ticket(
        self, http: httpx.Client, idp: IdentityProvider, user_id: str, token: str, *, send_mail: bool
    ) -> str:
        response = send(
            http,
            "POST",
            f"{idp.management_api}guardian/enrollments/ticket",
            no_answer=self._subject.no_answer,
            json={"user_id": user_id, "send_mail": send_mail},
            headers={"Authorization": f"Bearer {token}"},
        )
        url = json_object(response).get("ticket_url")
        if not response.is_success or not url:
            raise Failed(
                f"no ticket: {describe(response)}", f"Does the token have the scope {_SCOPE}, and is it valid?"
            )
        sent = "Auth0 has sent the link by e-mail" if send_mail else f"Give this link to the employee: {url}"
        return f"{sent}\nThe employee opens it, scans the code with Auth0 Guardian, and allows notifications."
