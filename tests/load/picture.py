"""The crowd as a picture: polls a second with and without slots, in the look of docs/pictures."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tests.load.burst import Seen

_WIDTH, _HEIGHT = 960, 580
_LEFT, _PLOT = 80, 840
_SECONDS: Final = 320
_FONT: Final = "system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"


def svg(limited: Seen, unlimited: Seen, polls_per_second: int) -> str:
    """`limited` keeps to `polls_per_second`; both have the same pushes."""
    label = "Polls a second after ten thousand questions at once, with and without poll slots"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
            f'height="{_HEIGHT}" font-family="{_FONT}" role="img" aria-label="{label}">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="12" fill="#ffffff"/>',
            *_panel(60, "Polls a second, each request at its own time", unlimited.polls, "#d1571f", polls_per_second),
            *_panel(
                350, "Polls a second, each reserved in a second with room", limited.polls, "#1f6feb", polls_per_second
            ),
            "</svg>\n",
        ]
    )


def _panel(top: int, title: str, polls: Counter[int], colour: str, share: int) -> list[str]:
    height, most = 190, max(*polls.values(), share)
    bottom, width = top + height, _PLOT / _SECONDS
    line, right = bottom - height * share / most, _LEFT + _PLOT
    bars = (
        f'<rect x="{_LEFT + second * width:.1f}" y="{bottom - height * n / most:.1f}" width="{width:.2f}" '
        f'height="{height * n / most:.1f}" fill="{colour}"/>'
        for second, n in sorted(polls.items())
        if second < _SECONDS
    )
    return [
        f'<text x="{_LEFT}" y="{top - 16}" font-size="14" font-weight="600" fill="#24292f">{title}</text>',
        *bars,
        f'<line x1="{_LEFT}" y1="{line:.1f}" x2="{right}" y2="{line:.1f}" stroke="#1a7f37" stroke-dasharray="5 4"/>',
        f'<text x="{_LEFT - 8}" y="{line + 4:.1f}" text-anchor="end" font-size="13" fill="#1a7f37">{share}</text>',
        *([_number(_LEFT - 8, top + 4, most, "end")] if most > share else []),
        f'<line x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}" stroke="#d0d7de" stroke-width="1.5"/>',
        *(_number(_LEFT + at * width, bottom + 20, at, "middle", " s") for at in range(0, _SECONDS, 60)),
    ]


def _number(x: float, y: float, n: int, anchor: str, unit: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="13" fill="#5b6472">{n}{unit}</text>'
