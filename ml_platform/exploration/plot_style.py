"""How every plot of an exploration looks, and how names from the data are written in it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WRITTEN = 28
"""Characters of a name that a plot shows."""


def written(name: str, length: int = WRITTEN) -> str:
    """Return a name as the plots' font can write it: shortened, and unknown letters as a box."""
    from matplotlib import font_manager

    font = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    known = font.get_charmap()
    short = name if len(name) <= length else name[: length - 1] + "…"
    return "".join(letter if ord(letter) in known and letter.isprintable() else "\N{WHITE SQUARE}" for letter in short)


def png(draw: Callable[[Figure], Any], width: float, height: float) -> bytes:
    """Return what `draw` puts on a figure of so many inches."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style = {
        "font.family": "DejaVu Sans",
        "font.size": 8,
        "text.parse_math": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    # The defaults, whatever matplotlibrc the machine has; and no pyplot, which keeps figures in the process.
    with rc_context(style):
        figure = Figure(figsize=(width, height), dpi=130, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        content = BytesIO()
        figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
