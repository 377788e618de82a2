"""How a request may go, and one run of it with whatever is to go wrong."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from tests.faults.invariants import hold
from tests.faults.side_effects import Kind, Point
from tests.faults.system_under_test import World

type Story = Callable[[World], None]
type NewWorld = Callable[[], World]


def approved(world: World) -> None:
    world.ask()
    world.finish(lambda: world.answer("approved"))


def denied(world: World) -> None:
    world.ask()
    world.finish(lambda: world.answer("denied"))


def canceled(world: World) -> None:
    world.ask()
    world.finish(world.cancel)


def without_hr(world: World) -> None:
    world.hr.failures.extend([httpx.Response(503)] * 100)
    approved(world)


STORIES = [approved, denied, canceled, without_hr]


def run(new_world: NewWorld, story: Story, choose: Callable[[Point], Kind | None] = lambda _: None) -> World:
    """Raises AssertionError for a broken promise."""
    world = new_world()
    world.effects.choose = choose
    story(world)
    world.tell()
    hold(world)
    return world
