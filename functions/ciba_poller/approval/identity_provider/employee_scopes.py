"""The scopes of the employee's access token: requested with the push, and required of the token."""

from typing import Final

EMPLOYEE_SCOPES: Final = ("read:employee",)
