"""Runs the checks in their order, each on what the ones before it have found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import httpx
from staff0.clock import utc_now

from operations.doctor import gemini, named_facts, page_log_in, stack
from operations.doctor.employees import Employees
from operations.doctor.findings import Failed, Finding, NotChecked, Status
from operations.doctor.http import client
from operations.doctor.identity_provider import IdentityProvider
from operations.doctor.subject import Employee, Subject

SETTINGS = (1, "settings")


@dataclass(frozen=True)
class Examination:
    """`push_to` is the employee whose phone is to ring; empty for no one. `employees` replace those of the subject."""

    subject: Subject
    push_to: str = ""
    employees: tuple[str, ...] = ()
    clock: Callable[[], datetime] = utc_now
    http: Callable[[], httpx.Client] = field(default=client)

    def findings(self) -> Iterator[Finding]:
        """One finding for each check, and for each employee. Check 1, the settings, has passed before."""
        with self.http() as http:
            idp = IdentityProvider(self.subject, http, self.clock)
            employees = Employees(idp)
            yield _finding(2, "metadata", idp.metadata)
            yield _finding(3, "keys, clock", idp.keys)
            yield _finding(4, "caller", idp.caller)
            yield _finding(5, "directory", idp.directory)
            yield _finding(6, "HR agent", idp.hr_agent)
            yield _finding(7, "unknown user", idp.unknown_user)
            yield from self._of_employees(employees)
            yield _finding(9, "push", lambda: self._push(employees))
            yield _finding(10, "Gemini", lambda: gemini.check(http, self.subject.gemini))
            yield _finding(11, "stack", lambda: stack.check(http, idp))
            yield _finding(12, "named facts", lambda: named_facts.check(idp))
            yield _finding(13, "log-in", lambda: page_log_in.check(idp))

    def _of_employees(self, employees: Employees) -> Iterator[Finding]:
        chosen = tuple(Employee(name, name) for name in self.employees) or self.subject.employees
        if not chosen:
            yield Finding(8, "employee", Status.NOT_CHECKED, "name one: --employee ADDRESS")
        for employee in chosen:
            yield _finding(8, "employee", partial(_check, employees, employee))

    def _push(self, employees: Employees) -> str:
        if not self.push_to:
            raise NotChecked("to ring one phone: --push ADDRESS")
        return employees.push(self.push_to)


def _check(employees: Employees, employee: Employee) -> str:
    if employee.left_out:
        raise NotChecked(f"{employee.label} {employee.left_out}")
    return employees.check(employee.user_id, employee.label)


def _finding(number: int, name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(number, name, Status.OK, check())
    except Failed as failure:
        return Finding(number, name, Status.FAILED, str(failure), failure.advice)
    except NotChecked as reason:
        return Finding(number, name, Status.NOT_CHECKED, str(reason))


def report(findings: Iterator[Finding]) -> int:
    """Prints each finding as soon as it is there. The exit code: 1 if a check has failed."""
    failed = 0
    for finding in findings:
        print(finding.line(), flush=True)
        failed += finding.status is Status.FAILED
    print("All checks passed." if not failed else f"{failed} of the checks failed.")
    return 1 if failed else 0
