"""Command line of the emulator, and ministack's environment variables."""

import argparse
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

WORKERS_PER_FUNCTION = 4


@dataclass(frozen=True)
class Options:
    """`api_ids_file` is a JSON object, API port → HTTP API id. `make up` writes it after each deployment.

    `page_port` is the one of `api_ports` that serves a page for people.
    """

    state: Path
    port: int
    api_ports: tuple[int, ...]
    page_port: int | None
    api_ids_file: Path
    bridge: str | None
    workers: int

    @property
    def calls_file(self) -> Path:
        """The AWS calls of the functions are recorded in this file while it exists."""
        return self.state / "calls.jsonl"

    @property
    def binds(self) -> list[str]:
        """Loopback addresses for all ports, and the Docker bridge for the AWS port, so that containers can reach it."""
        bridge = [f"{self.bridge}:{self.port}"] if self.bridge else []
        return [f"127.0.0.1:{port}" for port in (self.port, *self.api_ports)] + bridge


def parse(arguments: list[str]) -> Options:
    """Parses the command line. For wrong arguments argparse prints a message and ends the process."""
    parser = argparse.ArgumentParser(prog="local.emulator", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder for tables, functions and logs")
    parser.add_argument("--port", type=int, required=True, help="port of the AWS endpoint")
    parser.add_argument("--api-port", type=int, action="append", default=[], help="port of one HTTP API; repeatable")
    parser.add_argument("--page-port", type=int, help="the API port whose HTTP API serves a page for people")
    parser.add_argument("--api-ids", type=Path, required=True, help="JSON file: API port → HTTP API id")
    parser.add_argument("--bridge", help="address of the Docker bridge, a second address of the AWS endpoint")
    parser.add_argument("--workers", type=int, default=WORKERS_PER_FUNCTION, help="processes per function")
    given = parser.parse_args(arguments)
    state = given.state.resolve()
    api_ports, api_ids = tuple(given.api_port), given.api_ids.resolve()
    return Options(state, given.port, api_ports, given.page_port, api_ids, given.bridge, given.workers)


def ministack_environment(options: Options) -> dict[str, str]:
    """ministack's settings: it listens on loopback, and keeps all files below the state folder."""
    return {
        "BIND_HOST": "127.0.0.1",
        # IAM as on AWS: a function may do what its role allows. A developer, with the key `test`, may do everything.
        "AUTH": "true",
        "GATEWAY_PORT": str(options.port),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(options.state / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(options.state / "s3"),
        "TMPDIR": str(options.state / "tmp"),
        "MINISTACK_REGION": "us-east-1",
        # No limit by this machine's memory: calls wait for one of the function's processes (lambda_functions.py).
        "LAMBDA_ACCOUNT_CONCURRENCY": "0",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # ministack removes Docker containers that it takes for its own, so it must not reach a Docker engine.
        "DOCKER_HOST": f"unix://{options.state}/no-docker.sock",
    }


def prepare(options: Options) -> None:
    """Sets ministack's environment variables and empties its temporary folder. Call it before importing ministack.

    Each Lambda worker unpacks its function into that folder and never deletes it.
    """
    shutil.rmtree(options.state / "tmp", ignore_errors=True)
    (options.state / "tmp").mkdir(parents=True)
    os.environ.update(ministack_environment(options))
