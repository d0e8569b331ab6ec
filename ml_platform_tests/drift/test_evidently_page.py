"""The page that people read is one file that loads nothing, whatever the columns hold."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from ml_platform.drift.evidently_page import draw_evidently_page
from ml_platform.errors import DataError

KINDS = {"x": "number", "c": "category", "empty": "number", "huge": "number", "constant": "number"}


def table(loc: float) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "x": rng.normal(loc, size=300),
            "c": rng.choice(np.array(["a", "b", None]), 300),
            "empty": np.nan,
            "huge": np.where(rng.random(300) < 0.01, np.inf, 1.0),
            "constant": 1.0,
        }
    )


def test_page_is_self_contained_and_says_what_it_leaves_out() -> None:
    html, notes = draw_evidently_page(table(0), table(1), KINDS, title="flights <2013-04>", seed=1)
    assert notes == ["empty: no value in the reference", "huge: an infinite value in the reference"]
    assert not re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=", html)
    assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", html)
    assert "<title>flights &lt;2013-04&gt;</title>" in html
    assert "300 of 300 rows of the reference" in html
    assert "Left out: empty: no value in the reference." in html
    assert len(html) > 100_000


def test_the_same_data_give_the_same_page() -> None:
    kinds = {"x": "number", "c": "category"}
    one, again = (draw_evidently_page(table(0), table(1), kinds, title="flights", seed=1) for _ in range(2))
    assert one == again


def test_columns_that_cannot_be_drawn_at_all_leave_a_page_that_says_so() -> None:
    html, notes = draw_evidently_page(table(0), table(0), {"empty": "number"}, title="flights", seed=1)
    assert notes
    assert "Left out: empty: no value in the reference." in html


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="column 'x' is not in the current data"):
        draw_evidently_page(table(0), table(0)[["c"]], {"x": "number"}, title="", seed=1)
