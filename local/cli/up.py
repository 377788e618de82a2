"""`make up`: tenant, emulator, stack, employees; each only as far as it is not there yet."""

import time

from local.cli import (
    aws,
    client_key_registration,
    client_secrets,
    deployment,
    post_deploy,
    processes,
    services,
    stack_outputs,
)
from local.cli.paths import STACK
from local.cli.ports import require_free
from local.cli.settings import LocalSettings


def up(settings: LocalSettings) -> None:
    """Raises LocalError."""
    began = time.monotonic()
    _require_ports(settings)
    if settings.has_real_tenant:
        _say("tenant", settings.issuer)
    else:
        client_secrets.stand_in_clients()
        _say("tenant", _started(processes.start(services.tenant(settings)), settings.issuer))
    if processes.has_crashed(services.EMULATOR):
        deployment.forget()  # it writes its state when it is stopped: what it has now may be an older stack
    _say("emulator", _started(processes.start(services.emulator(settings)), settings.aws_url))
    is_deployed = deployment.deploy(settings)
    found = stack_outputs.outputs(settings)
    if not settings.has_real_tenant and client_key_registration.tell(settings, found):
        processes.stop(services.TENANT)
        processes.start(services.tenant(settings))
    post_deploy.complete(aws.session(), settings.aws_url, deployment.STACK_NAME)
    stack_outputs.seed(settings, found["EmployeesTableName"])
    stack_outputs.register_callers(settings, found["CallersTableName"])
    stack_outputs.write_api_ids(settings, found)
    stack_outputs.write_stack_file(settings, found)
    stack_outputs.write_sam_local_env(settings)
    _say("stack", "deployed" if is_deployed else "unchanged")
    _say("agent", settings.agent_url)
    _say("HR API", settings.hr_api_url)
    _say("phone", "Auth0 Guardian" if settings.has_real_tenant else settings.phone_url)
    _say("ready", f"after {time.monotonic() - began:.0f} s; `make down` stops it")


def _require_ports(settings: LocalSettings) -> None:
    """A service that has to move to other ports is stopped first: its old ones may be another's new ones."""
    wanted = [services.emulator(settings)] + ([] if settings.has_real_tenant else [services.tenant(settings)])
    moving = {service.name for service in wanted if not processes.runs_as_wanted(service)}
    # After a crash the record is still needed, to know that there was one.
    for name in moving:
        if processes.is_running(name):
            processes.stop(name)
    if services.EMULATOR in moving:
        require_free(settings.aws_port, "AWS_PORT", "the AWS emulator")
        require_free(settings.agent_port, "AGENT_PORT", "the agent")
        require_free(settings.hr_api_port, "HR_API_PORT", "the HR API")
    if services.TENANT in moving:
        require_free(settings.tenant_port, "TENANT_PORT", "the tenant")
        require_free(settings.phone_port, "PHONE_PORT", "the phone")


def _started(is_new: bool, address: str) -> str:  # noqa: FBT001
    return address if is_new else f"{address} (ran already)"


def _say(what: str, text: str) -> None:
    print(f"  {what:<9} {text}", flush=True)


def down() -> None:
    """Stops what `up` started and nothing else; what it stored stays, but nobody finds a stack that does not run."""
    STACK.unlink(missing_ok=True)
    stopped = [name for name in (services.EMULATOR, services.TENANT) if processes.stop(name)]
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing ran.")


def status(settings: LocalSettings) -> None:
    for name in (services.TENANT, services.EMULATOR):
        _say(name, "runs" if processes.is_running(name) else "does not run")
    _say("agent", settings.agent_url)
