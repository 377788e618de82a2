"""ministack, patched, behind its own port and the fronts."""

import asyncio
import os
from importlib import import_module
from typing import Any

from local.emulator import auth_challenge, lambda_functions, stream_positions
from local.emulator.api_proxy import ApiIds, App, with_fronts
from local.emulator.options import Options


def run(options: Options) -> None:
    """Serve until SIGTERM or SIGINT; the state is written then."""
    app = patched_app(options)
    asyncio.run(serve_and_exit(app, options))


def patched_app(options: Options) -> App:
    # Without it ministack refuses every token and cannot sign, and says neither.
    import_module("cryptography")
    apigateway = import_module("ministack.services.apigateway")
    runtime = import_module("ministack.core.lambda_runtime")
    service = import_module("ministack.services.lambda_svc")
    lambda_functions.install(runtime, service, options.workers)
    stream_positions.install(service)
    auth_challenge.install(apigateway)

    def is_deployed(api_id: str) -> bool:
        return apigateway.find_api_scope(api_id) is not None

    app: App = import_module("ministack.app").app
    return with_fronts(app, frozenset(options.fronts), ApiIds(options.apis_file), is_deployed)


async def serve_and_exit(app: App, options: Options) -> None:
    """Leave at once when the server is done: a Lambda call in flight must not hold the process."""
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
