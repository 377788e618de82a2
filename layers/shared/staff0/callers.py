"""What is known of a caller beside its token."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quotas:
    """How much one caller may ask, in fixed hours and days. An employee is whom the caller names, whoever that is."""

    pushes_per_hour: int
    employees_per_hour: int
    employees_per_day: int
