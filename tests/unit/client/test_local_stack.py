"""Which file may name the agent, and which hosts may receive the secret of the environment."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

import client
from client.errors import UsageError
from client.local_stack import PROJECT, find_stack
from client.program import run
from tests.support.client_options import options
from tests.support.fake_agent import AGENT, IDP, SECRET, FakeAgent, answered


def write_stack(folder: Path) -> Path:
    clients = {"acme": {"client_id": "stack-id", "client_secret": "stack-secret"}}
    stack = {"agent_url": AGENT, "issuer": f"{IDP}/", "agent_audience": "x", "clients": clients}
    (folder / ".local").mkdir()
    file = folder / ".local" / "stack.json"
    file.write_text(json.dumps(stack))
    file.chmod(0o600)
    return file


def secrets_sent(agent: FakeAgent) -> bool:
    return any(SECRET.encode() in request.content for request in agent.requests)


def test_project_is_the_folder_of_the_client() -> None:
    assert Path(client.__file__).parents[1] == PROJECT


def test_stack_of_a_folder_above_is_not_read(tmp_path: Path) -> None:
    write_stack(tmp_path)
    below = tmp_path / "below"
    below.mkdir()
    agent = FakeAgent([answered("Yes.")])
    assert run(options(agent=None, token_hosts=()), agent.context(below)) == 2
    assert agent.requests == []


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_file_that_others_may_write_is_not_used(tmp_path: Path, mode: int) -> None:
    write_stack(tmp_path).chmod(mode)
    with pytest.raises(UsageError, match="another user"):
        find_stack(tmp_path)


def test_folder_that_others_may_write_is_not_used(tmp_path: Path) -> None:
    write_stack(tmp_path).parent.chmod(0o777)
    with pytest.raises(UsageError, match="another user"):
        find_stack(tmp_path)


def test_file_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_stack(tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: os.stat(tmp_path).st_uid + 1)  # noqa: PTH116
    with pytest.raises(UsageError, match="another user"):
        find_stack(tmp_path)


def test_link_is_not_followed(tmp_path: Path) -> None:
    file = write_stack(tmp_path)
    file.rename(tmp_path / "elsewhere.json")
    file.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(UsageError, match="cannot be read"):
        find_stack(tmp_path)


def test_pipe_in_place_of_the_file_does_not_block(tmp_path: Path) -> None:
    file = write_stack(tmp_path)
    file.unlink()
    os.mkfifo(file, stat.S_IRUSR | stat.S_IWUSR)
    with pytest.raises(UsageError, match="cannot be read"):
        find_stack(tmp_path)


def test_secret_of_the_environment_needs_a_host_from_the_user(tmp_path: Path) -> None:
    write_stack(tmp_path)
    agent = FakeAgent([answered("Yes.")])
    assert run(options(agent=None, token_hosts=()), agent.context(tmp_path)) == 2
    assert "--token-host" in agent.err.getvalue()
    assert agent.requests == []


def test_secret_goes_to_the_domain_of_the_environment(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    context = agent.context(tmp_path)
    environment = {**context.environment, "HR_AUTH0_DOMAIN": "idp.example"}
    assert run(options(token_hosts=()), replace(context, environment=environment)) == 0
    assert secrets_sent(agent)


def test_client_of_the_stack_uses_its_issuer(tmp_path: Path) -> None:
    write_stack(tmp_path)
    agent = FakeAgent([answered("Yes.")])
    assert run(options(agent=None, client="acme", token_hosts=()), agent.context(tmp_path)) == 0
    assert any(b"stack-secret" in request.content for request in agent.requests)
    assert not secrets_sent(agent)
