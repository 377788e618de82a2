"""The terms of service that the card of a test names."""

from __future__ import annotations

from hr_agent.card.service_terms import ServiceTerms


def sample_terms(employee_seconds: int = 300) -> ServiceTerms:
    return ServiceTerms(
        employee_seconds=employee_seconds,
        pushes_per_caller=100,
        pushes_per_employee=5,
        pushes_per_employee_and_caller=3,
        employees_per_hour=30,
        employees_per_day=200,
        cool_down_seconds=60,
        stream_seconds=20,
    )
