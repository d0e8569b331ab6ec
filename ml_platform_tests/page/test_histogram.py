"""Two histograms share one axis; names are text; ticks do not touch."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

from ml_platform.page.histogram import HEIGHT, WIDTH, Bar, overlaid


def numbers(name: str, svg: str) -> list[float]:
    return [float(found) for found in re.findall(rf'{name}="([\d.-]+)"', svg)]


def test_both_sides_are_drawn_to_one_scale_and_names_are_text() -> None:
    svg = overlaid([Bar("<a>", 0.5, 0.25, tick="<a>"), Bar("(missing)", 0.0, 1.0, tick="missing", is_missing=True)])
    ElementTree.fromstring(svg)
    heights = {kind: numbers("height", rect) for kind, rect in re.findall(r'<rect class="(\w+)"(.*?)/>', svg)}
    (half, nothing), (quarter,), (whole,) = (
        [float(h) for h in re.findall(rf'class="{kind}"[^>]*height="([\d.]+)"', svg)]
        for kind in ("before", "now", "missing")
    )
    assert set(heights) == {"before", "now", "missing"}
    assert (half, quarter, nothing) == (whole / 2, whole / 4, 0)
    assert "&lt;a&gt;: 50.0% of the reference, 25.0% now" in svg
    assert ">100%<" in svg


def test_ticks_that_would_touch_are_left_out_and_all_stay_inside() -> None:
    svg = overlaid([Bar(str(n), 0.01, 0.01, tick=f"{n}000000", at_end=True) for n in range(100)])
    ElementTree.fromstring(svg)
    middles = [float(x) for x in re.findall(r'<text x="([\d.]+)"[^>]*middle', svg)]
    assert 1 < len(middles) < 10
    assert all(after - before > 40 for before, after in pairwise(middles))
    assert max(numbers("x", svg)) <= WIDTH
    assert max(numbers("y", svg)) <= HEIGHT


def test_bins_without_rows_are_drawn_flat() -> None:
    ElementTree.fromstring(overlaid([Bar("a", 0.0, 0.0, tick="a")]))
