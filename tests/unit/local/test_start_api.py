"""`make start-api` listens where the functions expect it."""

import socket

import pytest

from local.cli.settings import LocalSettings
from local.cli.start_api import command, start_api
from local.errors import LocalError


def test_sam_listens_at_the_configured_port() -> None:
    assert command(LocalSettings.model_construct(sam_local_port=3100))[-2:] == ["--port", "3100"]


def test_taken_port_is_an_error_that_names_the_variable() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = LocalSettings.model_construct(sam_local_port=other.getsockname()[1])
        with pytest.raises(LocalError, match="SAM_LOCAL_PORT"):
            start_api(settings)
