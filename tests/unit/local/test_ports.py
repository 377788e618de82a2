"""Ports in use, and the message for them."""

import socket

import pytest

from local.cli.ports import is_listening, require_free
from local.errors import LocalError


def test_port_in_use_is_reported_with_its_variable() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=rf"port {port}, which is the port of the agent.*AGENT_PORT=…"):
            require_free(port, "AGENT_PORT", "the agent")
        assert is_listening(port)


def test_check_leaves_a_free_port_free() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    require_free(port, "AGENT_PORT", "the agent")
    assert not is_listening(port)
