"""The authorization details say what a phone shows, and nothing else is accepted as an employee's consent."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from staff0.authorization_details import TYPE, Disclosure, DisclosureFormat
from staff0.errors import InvalidAuthorizationDetails
from staff0.skills import SKILLS

FORMAT = DisclosureFormat(SKILLS.facts)
ASKED = Disclosure(
    requested_by="acme",
    code="K7M4QX",
    purpose="Employment verification",
    facts=("employment_status", "start_date"),
    request_id="6fc1b8a0-task",
    client_id="acme-client",
)


def written(disclosure: Disclosure = ASKED) -> dict[str, Any]:
    [detail] = FORMAT.write(disclosure)
    return copy.deepcopy(detail)


def test_phone_shows_who_code_why_and_each_fact_in_order() -> None:
    detail = written()
    assert (detail["type"], detail["instruction"]) == (TYPE, "acme asks Staff0 about you.")
    shown = sorted((p for p in detail["properties"].values() if p["display"]), key=lambda p: p["display_order"])
    assert [(p["name"], p["value"]) for p in shown] == [
        ("Who asks", "acme"),
        ("Code", "K7M4QX"),
        ("Why", "Employment verification"),
        ("They learn", "whether you work at Staff0"),
        ("They learn", "since when you have worked at Staff0"),
    ]
    hidden = {name: p["value"] for name, p in detail["properties"].items() if not p["display"]}
    assert hidden == {"request_id": "6fc1b8a0-task", "client_id": "acme-client"}


def test_longest_request_is_within_the_limits_of_auth0() -> None:
    """configure-rich-authorization-requests: 10 properties, 255 characters, 5 kB, names of a-zA-Z0-9_.- only."""
    longest = Disclosure("a" * 24, "K7M4QX", "p" * 64, tuple(SKILLS.facts), "t" * 36, "c" * 255)
    details = FORMAT.write(longest)
    [detail] = details
    assert len(detail["properties"]) <= 10
    assert all(len(p["value"]) <= 255 for p in detail["properties"].values())
    assert all(re.fullmatch(r"[a-zA-Z0-9_.-]{1,255}", name) for name in detail["properties"])
    assert len(json.dumps(details)) < 5_000


@pytest.mark.parametrize("facts", [("employment_status",), tuple(SKILLS.facts)])
def test_what_was_written_is_read(facts: tuple[str, ...]) -> None:
    asked = replace(ASKED, facts=facts)
    assert FORMAT.read(json.loads(json.dumps(FORMAT.write(asked)))) == asked


def test_order_of_members_does_not_matter() -> None:
    """An identity provider writes the JSON again."""
    details = FORMAT.write(ASKED)
    [detail] = details
    backwards = dict(reversed(detail.items()))
    backwards["properties"] = {name: dict(reversed(p.items())) for name, p in reversed(detail["properties"].items())}
    assert json.dumps(backwards) != json.dumps(detail)
    assert FORMAT.read([backwards]) == ASKED


@pytest.mark.parametrize(
    ("granted", "is_part"),
    [
        (ASKED, True),
        (replace(ASKED, facts=("employment_status",)), True),
        (replace(ASKED, facts=("employment_status", "job_title")), False),
        (replace(ASKED, request_id="other"), False),
        (replace(ASKED, client_id="other"), False),
        (replace(ASKED, code="OTHER2"), False),
        (replace(ASKED, requested_by="globex"), False),
        (replace(ASKED, purpose="Other"), False),
    ],
)
def test_employee_may_grant_fewer_facts_and_change_nothing_else(granted: Disclosure, is_part: bool) -> None:
    assert granted.is_part_of(ASKED) is is_part


@pytest.mark.parametrize(
    "claim", [None, [], {}, "x", 7, [None], ["x"], [[]], [{}], [{"type": TYPE}], [{"properties": None}]], ids=repr
)
def test_another_shape_is_refused(claim: object) -> None:
    with pytest.raises(InvalidAuthorizationDetails):
        FORMAT.read(claim)


def test_two_objects_are_refused() -> None:
    """One could be what the phone showed, and the other what is read."""
    with pytest.raises(InvalidAuthorizationDetails):
        FORMAT.read([written(), written(replace(ASKED, facts=tuple(SKILLS.facts)))])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["type"], "urn:auth0:schemas:authorization-details:v1:user-profile"),
        (["instruction"], "Approve the log-in."),
        (["actions"], ["read"]),
        (["properties", "salary"], {"display": True, "name": "They learn", "display_order": 9, "value": "your salary"}),
        (["properties", "job_title"], {"display": False, "value": "your job title"}),
        (["properties", "start_date", "display"], False),
        (["properties", "start_date", "display"], 1),
        (["properties", "start_date", "display"], "true"),
        (["properties", "requested_by", "display_order"], True),
        (["properties", "start_date", "value"], "nothing at all"),
        (["properties", "start_date", "description"], "not really"),
        (["properties", "code", "value"], 7),
        (["properties", "request_id", "display"], True),
        (["properties", "purpose", "display_order"], 9),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, list) else "",
)
def test_a_changed_or_further_member_is_refused(path: list[str], value: object) -> None:
    detail = written()
    target = detail
    for name in path[:-1]:
        target = target[name]
    target[path[-1]] = value
    with pytest.raises(InvalidAuthorizationDetails):
        FORMAT.read([detail])


@pytest.mark.parametrize("name", ["requested_by", "code", "purpose", "request_id", "client_id"])
def test_a_missing_member_is_refused(name: str) -> None:
    detail = written()
    del detail["properties"][name]
    with pytest.raises(InvalidAuthorizationDetails):
        FORMAT.read([detail])


def test_details_without_a_fact_are_refused() -> None:
    with pytest.raises(InvalidAuthorizationDetails):
        FORMAT.read([written(replace(ASKED, facts=()))])
