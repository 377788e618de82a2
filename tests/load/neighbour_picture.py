"""The neighbour's webhooks over time as a picture, in the look of docs/pictures."""

from __future__ import annotations

from typing import Final

_WIDTH, _HEIGHT = 960, 600
_LEFT, _PLOT = 80, 840
_SECONDS: Final = 300
_PANEL: Final = 190
_FONT: Final = "system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"
_COLOURS: Final = ("#1f6feb", "#1a7f37", "#8250df")

type Delays = list[tuple[float, float]]
"""When a change was written, and the seconds until its notification came."""


def svg(before: Delays, after: dict[str, Delays]) -> str:
    """`before` is without limits; `after` has a name for each of its lines."""
    label = "Seconds until another caller's webhook comes, beside a thousand webhooks that are never answered"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
            f'height="{_HEIGHT}" font-family="{_FONT}" role="img" aria-label="{label}">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="12" fill="#ffffff"/>',
            *_panel(
                60,
                f"Seconds until the webhook comes, without limits (one host): {_SECONDS - len(before)} of 300 never do",
                300,
            ),
            *_dots(60, before, 300, "#d1571f"),
            *_panel(350, "With limits; another scale", 5),
            *(
                dots
                for delays, colour in zip(after.values(), _COLOURS, strict=True)
                for dots in _dots(350, delays, 5, colour)
            ),
            *(_legend(350 + 24 * number, name, _COLOURS[number]) for number, name in enumerate(after)),
            "</svg>\n",
        ]
    )


def _panel(top: int, title: str, most: int) -> list[str]:
    bottom = top + _PANEL
    return [
        f'<text x="{_LEFT}" y="{top - 16}" font-size="14" font-weight="600" fill="#24292f">{title}</text>',
        *(_text(_LEFT - 8, bottom - _PANEL * share / 2 + 4, f"{most * share / 2:g} s", "end") for share in range(3)),
        f'<line x1="{_LEFT}" y1="{bottom}" x2="{_LEFT + _PLOT}" y2="{bottom}" stroke="#d0d7de" stroke-width="1.5"/>',
        *(_text(_x(at), bottom + 20, f"{at} s", "middle") for at in range(0, _SECONDS + 1, 60)),
    ]


def _dots(top: int, delays: Delays, most: int, colour: str) -> list[str]:
    return [
        f'<circle cx="{_x(at):.1f}" cy="{top + _PANEL * (1 - min(delay, most) / most):.1f}" r="2.2" fill="{colour}" '
        'fill-opacity="0.7"/>'
        for at, delay in delays
        if at <= _SECONDS
    ]


def _legend(y: int, name: str, colour: str) -> str:
    return (
        f'<circle cx="{_LEFT + 480}" cy="{y}" r="4" fill="{colour}"/>'
        f'<text x="{_LEFT + 492}" y="{y + 4}" font-size="13" fill="#24292f">{name}</text>'
    )


def _x(at: float) -> float:
    return _LEFT + _PLOT * at / _SECONDS


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="13" fill="#5b6472">{text}</text>'
