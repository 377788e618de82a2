"""What a caller asked, once it has been read out of their text."""

from pydantic import BaseModel, ConfigDict


class Question(BaseModel):
    """Whose employment is asked about: an address or an employee id, and the name if one was given.

    `email` and `employee_id` stand literally in the caller's text (in any letter case); exactly one of them is set
    before anyone is asked.
    """

    model_config = ConfigDict(frozen=True)

    name: str | None = None
    email: str | None = None
    employee_id: str | None = None

    @property
    def subject(self) -> str | None:
        """The employee as the caller named them: the id if there is one, else the address."""
        return self.employee_id or self.email
