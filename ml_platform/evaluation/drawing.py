"""Small pictures for the UI: the same input gives the same bytes on every machine."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def png(draw: Callable[[Axes], None]) -> bytes:
    """Return what `draw` puts on empty axes as a PNG of 360 by 324 pixels."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # The defaults, whatever matplotlibrc the machine has; and no pyplot, which keeps figures in the process.
    with rc_context({"font.family": "DejaVu Sans", "font.size": 8}):
        figure = Figure(figsize=(4, 3.6), dpi=90, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure.add_subplot())
        content = io.BytesIO()
        figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
