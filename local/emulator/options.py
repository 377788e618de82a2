"""What the emulator is started with: its command line, and the environment ministack itself reads."""

import argparse
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

WORKERS_PER_FUNCTION = 4


@dataclass(frozen=True)
class Options:
    """`apis_file` is what the deployment leaves: a JSON object, front port → HTTP API id."""

    state: Path
    port: int
    fronts: tuple[int, ...]
    apis_file: Path
    bridge: str | None
    workers: int

    @property
    def binds(self) -> list[str]:
        """Loopback for everything; the docker bridge for the AWS port only, so that containers reach it."""
        bridge = [f"{self.bridge}:{self.port}"] if self.bridge else []
        return [f"127.0.0.1:{port}" for port in (self.port, *self.fronts)] + bridge


def parse(arguments: list[str]) -> Options:
    """Options from a command line; argparse ends the process with a message when it is wrong."""
    parser = argparse.ArgumentParser(prog="local.emulator", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps tables, functions, logs …")
    parser.add_argument("--port", type=int, required=True, help="the AWS endpoint")
    parser.add_argument("--front", type=int, action="append", default=[], help="a port that serves one HTTP API")
    parser.add_argument("--apis", type=Path, required=True, help="JSON file: front port → HTTP API id")
    parser.add_argument("--bridge", help="a second address for the AWS endpoint: the docker bridge's")
    parser.add_argument("--workers", type=int, default=WORKERS_PER_FUNCTION, help="processes per function")
    given = parser.parse_args(arguments)
    state = given.state.resolve()
    return Options(state, given.port, tuple(given.front), given.apis.resolve(), given.bridge, given.workers)


def ministack_environment(options: Options) -> dict[str, str]:
    """ministack's own settings; everything on loopback, everything kept below the state folder."""
    return {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(options.port),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(options.state / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(options.state / "s3"),
        "TMPDIR": str(options.state / "tmp"),
        "MINISTACK_REGION": "us-east-1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # ministack sweeps containers it thinks are its own: it must not see the machine's engine at all.
        "DOCKER_HOST": f"unix://{options.state}/no-docker.sock",
    }


def prepare(options: Options) -> None:
    """Set ministack's environment, before it is imported, and empty its temporary folder.

    Each Lambda worker unpacks a copy of its function there and leaves it behind.
    """
    shutil.rmtree(options.state / "tmp", ignore_errors=True)
    (options.state / "tmp").mkdir(parents=True)
    os.environ.update(ministack_environment(options))
