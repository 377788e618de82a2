"""`make up`, `make down` and `make status`."""

import time

from local.cli import (
    aws,
    client_secrets,
    deploy,
    processes,
    sample_data,
    services,
    stack_files,
)
from local.cli.apply_missing_resources import apply_missing_resources
from local.cli.paths import STACK, STATE
from local.cli.ports import require_free
from local.cli.private_files import make_private
from local.cli.register_client_keys import register_client_keys
from local.cli.settings import LocalSettings


def up(settings: LocalSettings) -> None:
    """Starts and deploys what does not run yet or has changed. Raises LocalError."""
    started_at = time.monotonic()
    make_private(STATE)
    _require_ports(settings)
    _start_services(settings)
    is_deployed = deploy.deploy(settings)
    outputs = stack_files.stack_outputs(settings)
    if not settings.uses_auth0 and register_client_keys(settings, outputs):
        processes.stop(services.IDENTITY_PROVIDER)
        processes.start(services.identity_provider(settings))
    apply_missing_resources(aws.session(), settings.aws_url, deploy.STACK_NAME)
    sample_data.store_employees(settings, outputs["EmployeesTableName"])
    sample_data.register_callers(settings, outputs["CallersTableName"])
    stack_files.write_api_ids(settings, outputs)
    stack_files.write_stack_file(settings, outputs)
    stack_files.write_sam_local_env(settings)
    make_private(STATE)
    _print_line("stack", "deployed" if is_deployed else "unchanged")
    _print_addresses(settings)
    _print_line("ready", f"after {time.monotonic() - started_at:.0f} s; `make down` stops it")


def _start_services(settings: LocalSettings) -> None:
    state = ""
    if not settings.uses_auth0:
        client_secrets.stand_in_clients()
        state = _state(processes.start(services.identity_provider(settings)))
    _print_line("identity provider", settings.issuer + state)
    if processes.has_crashed(services.EMULATOR):
        # The emulator writes its state when it stops. After a crash it has the stack of an earlier stop.
        deploy.require_deployment()
    state = _state(processes.start(services.emulator(settings)))
    _print_line("emulator", settings.aws_url + state)


def _state(is_new: bool) -> str:  # noqa: FBT001
    return "" if is_new else " (was already running)"


def _require_ports(settings: LocalSettings) -> None:
    """Stops services whose settings have changed, and checks that the ports of all services to start are free.

    Both services are stopped first: a new port of one may be an old port of the other.
    """
    wanted = [services.emulator(settings)] + ([] if settings.uses_auth0 else [services.identity_provider(settings)])
    to_start = {service.name for service in wanted if not processes.runs_as_wanted(service)}
    for name in to_start:
        if processes.is_running(name):  # the record of a crashed service stays, for has_crashed
            processes.stop(name)
    if services.EMULATOR in to_start:
        require_free(settings.aws_port, "AWS_PORT", "the AWS emulator")
        require_free(settings.agent_port, "AGENT_PORT", "the agent")
        require_free(settings.hr_api_port, "HR_API_PORT", "the HR API")
        require_free(settings.employee_page_port, "EMPLOYEE_PAGE_PORT", "the employees' page")
    if services.IDENTITY_PROVIDER in to_start:
        require_free(settings.tenant_port, "TENANT_PORT", "the identity provider")
        require_free(settings.phone_port, "PHONE_PORT", "the phone")


def _print_line(label: str, text: str) -> None:
    print(f"  {label:<17} {text}", flush=True)


def down() -> None:
    """Stops both services and deletes .local/stack.json. Stored data stays, readable for this user only."""
    STACK.unlink(missing_ok=True)
    stopped = [label for name, label in reversed(services.LABELS.items()) if processes.stop(name)]
    make_private(STATE)
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def status(settings: LocalSettings) -> None:
    for name, label in services.LABELS.items():
        _print_line(label, "runs" if processes.is_running(name) else "does not run")
    _print_addresses(settings)


def _print_addresses(settings: LocalSettings) -> None:
    _print_line("agent", settings.agent_url)
    _print_line("HR API", settings.hr_api_url)
    _print_line("employees' page", settings.employee_page_url)
    _print_line("phone", "Auth0 Guardian" if settings.uses_auth0 else settings.phone_url)
