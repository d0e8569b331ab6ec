"""Two distributions over the same bins, overlaid on one axis, as inline SVG."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

WIDTH, HEIGHT = 340, 132
LEFT, TOP, BOTTOM = 30, 8, 24
LETTER = 5.4
"""Width of a letter."""


class Bar(NamedTuple):
    """One bin: its name, and its share (0 to 1) of the rows of either side."""

    name: str
    before: float
    now: float
    tick: str = ""
    """What stands below the axis."""
    at_end: bool = False
    """Whether the tick is the bin's upper edge, and stands at its right end."""
    is_missing: bool = False


def overlaid(bars: Sequence[Bar]) -> Markup:
    """Return an SVG: behind, a wide bar per bin for the reference; before it, a narrow one for the current rows.

    The colours are those of the page's style: ``before``, ``now``, ``missing``. At least one bar is needed.
    """
    top = max(max(bar.before, bar.now) for bar in bars) or 1.0
    step = (WIDTH - LEFT) / len(bars)
    lefts = [LEFT + place * step for place in range(len(bars))]
    drawn = [_bar(bar, left, step, top) for bar, left in zip(bars, lefts, strict=True)]
    body = Markup("").join([_axis(top), *drawn, *_ticks(bars, lefts, step)])
    what = "Share of the rows in each bin, reference and current"
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(WIDTH, HEIGHT, what, body)


def _bar(bar: Bar, left: float, step: float, top: float) -> Markup:
    title = f"{bar.name}: {bar.before:.1%} of the reference, {bar.now:.1%} now"
    wide, narrow = step * 0.86, step * 0.44
    return Markup("<g><title>{}</title>{}{}</g>").format(
        title,
        _rectangle("before", left + (step - wide) / 2, wide, bar.before / top),
        _rectangle("missing" if bar.is_missing else "now", left + (step - narrow) / 2, narrow, bar.now / top),
    )


def _rectangle(kind: str, left: float, width: float, share: float) -> Markup:
    height = share * (HEIGHT - TOP - BOTTOM)
    shape = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
    return shape.format(kind, left, HEIGHT - BOTTOM - height, width, height)


def _ticks(bars: Sequence[Bar], lefts: Sequence[float], step: float) -> list[Markup]:
    """Return the ticks from left to right, without those that would touch the one before or leave the drawing."""
    drawn, free_from = list[Markup](), 0.0
    for bar, left in zip(bars, lefts, strict=True):
        text = bar.tick if bar.at_end else _shortened(bar.tick, step)
        middle, half = left + (step if bar.at_end else step / 2), len(text) * LETTER / 2
        if text and middle - half >= free_from and middle + half <= WIDTH + LETTER:
            line = Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
            drawn.append(line.format(middle, HEIGHT - BOTTOM + 13, text))
            free_from = middle + half + LETTER
    return drawn


def _shortened(text: str, step: float) -> str:
    letters = max(3, int(step / LETTER))
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def _axis(top: float) -> Markup:
    base = HEIGHT - BOTTOM
    line = Markup('<line x1="{}" y1="{}" x2="{}" y2="{}"/>').format(LEFT, base, WIDTH, base)
    text = Markup('<text x="{}" y="{}" text-anchor="end">{}</text>')
    return line + text.format(LEFT - 4, TOP + 6, f"{top:.0%}") + text.format(LEFT - 4, base, "0")
