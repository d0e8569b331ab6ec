"""How every plot looks: one style, one way from a figure to a PNG, and names from the data written safely."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler

BLUE, ORANGE, GREEN, RED, PURPLE = "#33658a", "#d0873a", "#4c8c6b", "#c2483d", "#7a3b69"
GREY, INK = "#9aa5b1", "#222222"

FONT = "DejaVu Sans"
STYLE = {
    "font.family": FONT,
    "font.size": 8,
    "text.parse_math": False,  # a class called "$5_$" is no formula
    "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, PURPLE, RED]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.2,
    "lines.markersize": 3,
    "legend.frameon": False,
}
DPI = 110

MAX_LETTERS = 28
"""Letters of a name that a plot shows."""


def png(draw: Callable[[Figure], Any], width: float, height: float) -> bytes:
    """Return what `draw` puts on a figure of so many inches as a PNG; the same drawing gives the same bytes."""
    # The style overrides the machine's matplotlibrc. A Figure without pyplot leaves nothing behind in the process.
    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        content = BytesIO()
        figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()


def written(name: str, max_letters: int = MAX_LETTERS) -> str:
    """Return a name as the font can write it: shortened, and each letter that the font lacks as a box."""
    known = font_manager.get_font(font_manager.findfont(FONT)).get_charmap()
    short = name if len(name) <= max_letters else name[: max_letters - 1] + "…"
    return "".join(letter if ord(letter) in known and letter.isprintable() else "\N{WHITE SQUARE}" for letter in short)
