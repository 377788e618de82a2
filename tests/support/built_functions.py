"""Runs Python with one built function and the layer only, as Lambda does."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]

# Logical id of a function (template.yaml) → module of its handler.
MODULES = {
    "AgentFunction": "hr_agent.app",
    "HrApiFunction": "hr_api.app",
    "EmployeePageFunction": "employee_page.app",
    "RequestApprovalFunction": "approval.request_approval",
    "PollApprovalFunction": "approval.poll_approval",
    "ReadEmploymentFunction": "approval.read_employment",
    "FailTaskFunction": "approval.fail_task",
    "FanOutFunction": "notifier.fan_out",
    "DeliverFunction": "notifier.deliver",
}
OURS = {"staff0", "hr_agent", "hr_api", "approval", "notifier", "employee_page"}

# All settings of all functions. No server listens at these URLs, so an import must not connect to them.
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AUTH0_ISSUER": "https://tenant.invalid/",
    "HR_AGENT_AUTH0_AUDIENCE": "https://staff0/agent",
    "HR_API_AUTH0_AUDIENCE": "https://staff0/api",
    "HR_API_BASE_URL": "https://hr.invalid",
    "HR_AGENT_AUTH0_CLIENT_ID": "ciba",
    "HR_AGENT_AUTH0_CLIENT_SECRET_ID": "ciba-secret",
    "DIRECTORY_AUTH0_CLIENT_ID": "directory",
    "DIRECTORY_AUTH0_CLIENT_SECRET_ID": "directory-secret",
    "TASKS_TABLE": "tasks",
    "EMPLOYEES_TABLE": "employees",
    "USED_APPROVALS_TABLE": "used-approvals",
    "APPROVAL_KEY_ID": "key",
    "WEBHOOK_KEY_ID": "key",
    "WEBHOOK_SIGNING_KEY_ID": "key",
    "DELIVERIES_QUEUE_URL": "https://sqs.invalid/deliveries",
    "UNDELIVERED_QUEUE_URL": "https://sqs.invalid/undelivered",
    "CARD_KEY_ID": "key",
    "ATTESTATION_KEY_ID": "key",
    "PAIRWISE_KEY_ID": "key",
    "LIMITS_KEY_ID": "key",
    "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:approval",
    "CALLERS_TABLE": "callers",
    "AUDIT_TABLE": "audit",
    "CHOICES_TABLE": "choices",
    "SESSIONS_TABLE": "sessions",
    "EMPLOYEE_PAGE_AUTH0_CLIENT_ID": "employee-page",
    "POWERTOOLS_SERVICE_NAME": "artefact",
    "OTEL_INSTRUMENTATION_A2A_SDK_ENABLED": "false",
}


@dataclass(frozen=True)
class Deployed:
    """Folders of one function and of the layer: /var/task and /opt/python in Lambda."""

    function: Path
    layer: Path

    @property
    def folders(self) -> tuple[Path, Path]:
        return self.function, self.layer


def deployed(build: Path, logical_id: str) -> Deployed:
    return Deployed(build / logical_id, build / "SharedLayer" / "python")


def run(unit: Deployed, program: str, folder: Path) -> str:
    """Runs a program in `folder` with this function, the layer and the standard library. Returns its standard output.

    Raises CalledProcessError after it has printed the program's standard error.
    """
    paths = [str(path) for path in unit.folders]
    # -I -S: no PYTHON* variables, no working directory, no site-packages.
    command = [sys.executable, "-I", "-S", "-B", "-c", f"import sys; sys.path[:0] = {paths!r}\n{program}"]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**ENVIRONMENT, "PATH": os.environ["PATH"]},
        check=False,
        capture_output=True,
        text=True,
    )
    sys.stderr.write(done.stderr)
    done.check_returncode()
    return done.stdout
