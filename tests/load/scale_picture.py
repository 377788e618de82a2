"""The series as a picture: delay and throughput by the number of questions at once, in the look of docs/pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.load.scale import Point

_WIDTH, _HEIGHT = 960, 400
_LEFTS: Final = (70, 560)
_TOP, _PANEL_WIDTH, _PANEL_HEIGHT = 90, 350, 230
_FONT: Final = "system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"
_COLOURS: Final = ("#d1571f", "#1f6feb")

type Series = dict[str, list[Point]]
type Value = Callable[[Point], float]


def svg(found: Series) -> str:
    """Both scales are linear; the counts stand side by side, whatever their distance."""
    label = "Delay of an answer and answers a second, for 1 to 500 questions at once"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
            f'height="{_HEIGHT}" font-family="{_FONT}" role="img" aria-label="{label}">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="12" fill="#ffffff"/>',
            *_panel(found, _LEFTS[0], "Approval to answer, p95", lambda point: point.quantile(0.95), "s"),
            *_panel(found, _LEFTS[1], "Answers a second", lambda point: point.per_second, "/s"),
            *(_legend(number, name) for number, name in enumerate(found)),
            "</svg>\n",
        ]
    )


def _panel(found: Series, left: int, title: str, value: Value, unit: str) -> Iterator[str]:
    most = max(value(point) for points in found.values() for point in points)
    counts = [point.count for point in next(iter(found.values()))]
    bottom = _TOP + _PANEL_HEIGHT
    yield _text(left, _TOP - 20, title, "start", weight=600)
    yield f'<line x1="{left}" y1="{bottom}" x2="{left + _PANEL_WIDTH}" y2="{bottom}" stroke="#d0d7de"/>'
    for share in (0, 0.5, 1):
        yield _text(left - 8, bottom - _PANEL_HEIGHT * share + 4, f"{most * share:.1f} {unit}", "end")
    for number, count in enumerate(counts):
        yield _text(_x(left, number, len(counts)), bottom + 22, f"{count}", "middle")
    for colour, points in zip(_COLOURS, found.values(), strict=True):
        places = [
            (_x(left, number, len(counts)), bottom - _PANEL_HEIGHT * value(point) / most)
            for number, point in enumerate(points)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places)


def _legend(number: int, name: str) -> str:
    x = _LEFTS[0] + 220 * number
    return f'<circle cx="{x}" cy="30" r="4" fill="{_COLOURS[number]}"/>{_text(x + 12, 34, name, "start")}'


def _x(left: int, number: int, count: int) -> float:
    return left + _PANEL_WIDTH * (number + 0.5) / count


def _text(x: float, y: float, text: str, anchor: str, weight: int = 400) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="13" font-weight="{weight}" '
        f'fill="#24292f">{text}</text>'
    )
