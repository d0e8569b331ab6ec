"""An exploration as one HTML file that loads nothing: no script, no network, its pictures inside."""

import base64
from collections.abc import Mapping
from pathlib import Path

from ml_platform.exploration import label_issues, plots, shift
from ml_platform.exploration.columns import ROBUST_Z, TUKEY
from ml_platform.exploration.explore import Exploration
from ml_platform.exploration.observations import observe
from ml_platform.page.render import crumbs, render

TEMPLATE = "page.html.jinja"

MAX_DRAWN = 60
"""Features whose distribution is drawn: those that go with the target most."""


def render_page(exploration: Exploration, *, model: str, title: str, facts: Mapping[str, str]) -> str:
    """Return the page. `facts` stand below the title."""
    return render(
        Path(__file__).parent,
        TEMPLATE,
        title=title,
        crumbs=crumbs(model),
        facts=facts,
        found=exploration,
        observations=observe(exploration),
        pictures=_pictures(exploration),
        drawn=_drawn(exploration),
        tukey=TUKEY,
        robust_z=ROBUST_Z,
        shift_sample=shift.SAMPLE_ROWS,
        label_sample=label_issues.SAMPLE_ROWS,
    )


def _pictures(exploration: Exploration) -> dict[str, str]:
    """Return the plots of the sections, as addresses that hold their data; a plot of nothing is left out."""
    drawings = {"target": plots.target_plot(exploration.target)}
    if any(column.missing for column in exploration.columns):
        drawings["missing"] = plots.missing_plot(exploration.columns)
    if any(association.auc for association in exploration.associations):
        drawings["associations"] = plots.association_plot(exploration.associations)
    if any(column.outliers and column.outliers.tukey for column in exploration.columns):
        drawings["outliers"] = plots.outlier_plot(exploration.columns)
    if exploration.label_issues.quality_counts:
        drawings["labels"] = plots.label_plot(exploration.label_issues, exploration.task)
    drawings |= {f"shift {shift.part}": plots.shift_plot(shift) for shift in exploration.shifts if shift.alone}
    return {name: _inline(png) for name, png in drawings.items()}


def _drawn(exploration: Exploration) -> dict[str, str]:
    """Return each drawn feature with its picture, those that go with the target most first."""
    by_name = {distribution.column: distribution for distribution in exploration.distributions}
    order = [association.column for association in exploration.associations if by_name[association.column].bins]
    return {name: _inline(plots.distribution_plot(by_name[name])) for name in order[:MAX_DRAWN]}


def _inline(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
