"""One deadline covers all steps before the question: card, keys and token."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from client import agent_client
from client.program import run
from tests.support.client_options import options
from tests.support.fake_agent import FakeAgent, answered


def test_slow_steps_together_end_at_the_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step is fast enough alone."""
    monkeypatch.setattr(agent_client, "CONNECT_SECONDS", 0.5)
    agent = FakeAgent([answered("Yes.")])

    async def answer_slowly(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.3)
        return agent._serve(request)

    started = time.monotonic()
    assert run(options(), replace(agent.context(tmp_path), http=httpx.MockTransport(answer_slowly))) == 2
    assert time.monotonic() - started < 15
    assert "did not answer within 0.5 s" in agent.err.getvalue()
    assert all(request.url.path != "/rpc" for request in agent.requests)
