"""The patched ministack on its own port and on the API ports, guarded against pages of a browser."""

import asyncio
import os
from importlib import import_module
from typing import Any

from local.emulator import (
    auth_challenge,
    call_log,
    deleted_versions,
    iam_conditions,
    lambda_functions,
    stream_positions,
    unpacked_code,
)
from local.emulator.api_proxy import ApiIds, App, api_proxy
from local.emulator.browser_guard import browser_guard
from local.emulator.options import Options


def run(options: Options) -> None:
    """Serves until SIGTERM or SIGINT. ministack then writes its state."""
    app = patched_app(options)
    asyncio.run(serve_and_exit(app, options))


def patched_app(options: Options) -> App:
    # Without cryptography ministack rejects every token and cannot sign, and it does not say why. Fail here instead.
    import_module("cryptography")
    apigateway = import_module("ministack.services.apigateway")
    runtime = import_module("ministack.core.lambda_runtime")
    service = import_module("ministack.services.lambda_svc")
    lambda_functions.install(runtime, service, options.workers)
    unpacked_code.install(runtime)
    deleted_versions.install(import_module("ministack.services.cloudformation.provisioners"), runtime)
    stream_positions.install(service)
    auth_challenge.install(apigateway)
    iam_conditions.install(import_module("ministack.core.iam_actions"), import_module("ministack.core.iam_evaluator"))

    services = {name: import_module(f"ministack.services.{name}") for name in call_log.SERVICES}
    call_log.install(services, options.calls_file)

    def is_deployed(api_id: str) -> bool:
        return apigateway.find_api_scope(api_id) is not None

    app: App = import_module("ministack.app").app
    proxy = api_proxy(app, frozenset(options.api_ports), ApiIds(options.api_ids_file), is_deployed)
    return browser_guard(proxy, options.bridge, options.page_port)


async def serve_and_exit(app: App, options: Options) -> None:
    """Exits as soon as the server has stopped, without waiting for Lambda calls that still run."""
    await import_module("hypercorn.asyncio").serve(app, server_config(options))
    runtime: Any = import_module("ministack.core.lambda_runtime")
    runtime.reset()
    os._exit(0)


def server_config(options: Options) -> Any:  # noqa: ANN401 - hypercorn is not in the environment of the type checker
    config = import_module("hypercorn.config").Config()
    config.bind = options.binds
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    return config
