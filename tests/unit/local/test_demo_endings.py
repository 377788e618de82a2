"""What the demo says after each ending."""

from __future__ import annotations

import shlex

import pytest

from client.arguments import parse
from local.cli.demo_endings import explain, next_commands
from local.cli.settings import LocalSettings

SETTINGS = LocalSettings.model_construct()
COMPLETED = {"state": "COMPLETED", "confirmed": True, "task_id": "t-1", "attestation": "eyJ.a.b"}


@pytest.mark.parametrize(
    ("report", "scene", "expected"),
    [
        (COMPLETED, "auto", "The employee approved"),
        (COMPLETED | {"confirmed": False}, "person", "does not confirm what was asked"),
        ({"state": "REJECTED", "reason": "denied"}, "deny", "The employee denied"),
        ({"state": "FAILED", "reason": "not_confirmed"}, "unknown", "no phone rang"),
        ({"state": "FAILED", "reason": "not_confirmed"}, "expire", "did not answer in time"),
        ({"state": "FAILED", "reason": "not_confirmed"}, "person", "No answer came in time"),
        ({"state": "CANCELED", "reason": "timeout"}, "person", "stopped waiting"),
        ({"state": "CANCELED", "reason": None}, "person", "was canceled"),
        ({"state": "FAILED", "reason": "tenant_unavailable"}, "auto", "logs"),
        ({}, "auto", "logs"),
    ],
)
def test_ending_is_explained_in_one_line(report: dict[str, object], scene: str, expected: str) -> None:
    text = explain(report, scene)
    assert expected in text
    assert "\n" not in text


def test_statement_is_given_to_the_verification() -> None:
    commands = [command for command, _ in next_commands(COMPLETED, SETTINGS)]
    assert ".venv/bin/python -m client.verify eyJ.a.b" in commands
    assert ".venv/bin/python -m operations audit --task t-1" in commands
    assert commands[-1] == "make down"


def test_question_to_try_is_one_for_the_client() -> None:
    [question] = [command for command, _ in next_commands({}, SETTINGS) if "-m client " in command]
    assert parse(shlex.split(question)[3:]).question.startswith("Is Maria Silva")


def test_without_an_answer_nothing_refers_to_one() -> None:
    commands = " ".join(command for command, _ in next_commands({}, SETTINGS))
    assert "verify" not in commands
    assert "--task" not in commands


def test_sample_employee_is_not_asked_at_a_real_tenant() -> None:
    settings = LocalSettings.model_construct(hr_auth0_domain="t.eu.auth0.com")
    assert "Maria" not in " ".join(command for command, _ in next_commands(COMPLETED, settings))
