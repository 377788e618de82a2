"""A taken port is told with the way out."""

import socket

import pytest

from local.cli.errors import LocalError
from local.cli.ports import is_listening, require_free


def test_a_taken_port_names_itself_and_the_variable_that_changes_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=rf"Port {port}, for the agent.*AGENT_PORT=…"):
            require_free(port, "AGENT_PORT", "the agent")
        assert is_listening(port)


def test_a_port_that_was_free_is_free_again() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    require_free(port, "AGENT_PORT", "the agent")
    assert not is_listening(port)
